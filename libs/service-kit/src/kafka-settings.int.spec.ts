import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readKafkaSettings, type KafkaConfig } from './kafka-settings.ts';

const given = (config: Partial<KafkaConfig>): Promise<unknown> => readKafkaSettings({ KAFKA_TLS: false, ...config });
const complaint = (message: RegExp): unknown => expect.objectContaining({ slug: 'configuration-invalid', message: expect.stringMatching(message) as string });

describe('the settings of Kafka', () => {
  let directory: string;
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(path.join(directory, name), text);
    return path.join(directory, name);
  };
  beforeAll(async () => { directory = await mkdtemp(path.join(os.tmpdir(), 'kafka-settings-')); });
  afterAll(() => rm(directory, { recursive: true }));

  it('are empty when nothing is said: in the clear, without a login', async () => {
    expect(await given({})).toEqual({});
  });

  it('encrypt with the authorities of the system, if no others are named', async () => {
    expect(await given({ KAFKA_TLS: true })).toEqual({ tls: {} });
  });

  it('read certificates and password from files', async () => {
    expect(await given({
      KAFKA_TLS_CA: await file('ca.pem', 'CA'), KAFKA_TLS_CERT: await file('cert.pem', 'CERT'), KAFKA_TLS_KEY: await file('key.pem', 'KEY'),
      KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'emp', KAFKA_SASL_PASSWORD_FILE: await file('password', 'secret\n'),
      KAFKA_REPLICATION_FACTOR: 2,
    })).toEqual({ tls: { ca: 'CA', cert: 'CERT', key: 'KEY' }, sasl: { mechanism: 'scram-sha-512', username: 'emp', password: 'secret' }, replicationFactor: 2 });
  });

  it('complain by the name of the variable', async () => {
    await expect(given({ KAFKA_TLS_CERT: 'cert.pem' })).rejects.toEqual(complaint(/KAFKA_TLS_KEY belong together/));
    await expect(given({ KAFKA_TLS_CA: '/nowhere/ca.pem' })).rejects.toEqual(complaint(/^KAFKA_TLS_CA names a file that cannot be read/));
    await expect(given({ KAFKA_SASL_MECHANISM: 'plain' })).rejects.toEqual(complaint(/^KAFKA_SASL_USERNAME is missing/));
    await expect(given({ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'emp' })).rejects.toEqual(complaint(/^KAFKA_SASL_PASSWORD or KAFKA_SASL_PASSWORD_FILE is missing/));
    await expect(given({ KAFKA_SASL_USERNAME: 'emp' })).rejects.toEqual(complaint(/KAFKA_SASL_MECHANISM is missing/));
  });
});
