import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { newId } from '@emp/kernel';
import { eventually } from '@emp/testing';
import { newAuthority, type Certified } from '../../test/certificates.ts';
import { SilentLog } from '../../test/silent-log.ts';
import { LocalKafka } from '../bench/local-kafka.ts';
import type { Broker } from '../broker/broker.ts';
import { openBroker, type KafkaSettings } from '../broker/open-broker.ts';

const LOGIN = { username: 'emp', password: 'not-for-anybody' };

describe('a Kafka that asks for a certificate and a login', () => {
  let directory: string;
  let kafka: LocalKafka;
  let ca: string;
  let client: Certified;
  const topic = `test.${newId()}.v1`;
  const log = new SilentLog();

  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'kafka-tls-'));
    const authority = await newAuthority();
    ca = authority.cert;
    const server = await authority.certify('broker');
    client = await authority.certify('emp');
    const [keystore, truststore] = [path.join(directory, 'broker.pem'), path.join(directory, 'ca.pem')];
    await writeFile(keystore, `${server.key}\n${server.cert}\n`);
    await writeFile(truststore, ca);
    kafka = await LocalKafka.start(1, { keystore, truststore, ...LOGIN });
  }, 60_000);
  afterAll(async () => {
    await kafka.stop();
    await rm(directory, { recursive: true });
  }, 30_000);

  const open = (settings: KafkaSettings): Promise<Broker> =>
    openBroker({ kind: 'kafka', address: kafka.secureBroker, clientId: 'test', log, topics: { [topic]: { partitions: 1, keep: { days: 1 } } }, kafka: settings });

  it.each(['plain', 'scram-sha-512'] as const)('lets us in with both, by %s', async (mechanism) => {
    const broker = await open({ tls: { ca, ...client }, sasl: { mechanism, ...LOGIN } });
    try {
      await broker.ensureTopics();
      await broker.publish([{ topic, key: 'k', headers: {}, payload: mechanism }]);
      const seen: string[] = [];
      await broker.subscribe({ group: newId(), topics: [topic], onBatch: async ({ events }) => { seen.push(...events.map(({ payload }) => payload)); } });
      await eventually(() => seen.includes(mechanism), { withinMs: 20_000 });
    } finally {
      await broker.close();
    }
  }, 60_000);

  it.each<[string, () => KafkaSettings]>([
    ['in the clear', () => ({ sasl: { mechanism: 'plain', ...LOGIN } })],
    ['with a wrong password', () => ({ tls: { ca, ...client }, sasl: { mechanism: 'scram-sha-512', ...LOGIN, password: 'guessed' } })],
    ['without a certificate', () => ({ tls: { ca }, sasl: { mechanism: 'plain', ...LOGIN } })],
    ['with an authority that did not certify the broker', () => ({ tls: { ...client }, sasl: { mechanism: 'plain', ...LOGIN } })],
  ])('does not let us in %s, and says so', async (_how, settings) => {
    await expect(open(settings())).rejects.toMatchObject({ slug: 'broker-unavailable' });
    expect(JSON.stringify(log.lines)).not.toContain(LOGIN.password);
  }, 60_000);
});
