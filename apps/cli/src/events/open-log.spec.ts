import type { Io } from '../command-line/io.ts';
import { logAddress } from './open-log.ts';

const stack = JSON.stringify({ layout: 1, databasePassword: 'se/cret' });

const world = (env: Io['env'], files: Readonly<Record<string, string>> = {}): Io => ({
  env,
  projectRoot: '/checkout',
  colours: false,
  stdinIsTerminal: true,
  out: () => undefined,
  err: () => undefined,
  readStdin: async () => new Uint8Array(),
  untilInterrupted: () => new AbortController().signal,
  readFile: async (path) => {
    const content = files[path];
    if (content === undefined) throw new Error('ENOENT');
    return Buffer.from(content);
  },
});

describe('which event log is meant', () => {
  it.each([
    [{ BROKER_URL: 'postgresql://log' }, { kind: 'postgres', address: 'postgresql://log' }],
    [{ KAFKA_BROKERS: 'a:9092,b:9092' }, { kind: 'kafka', address: 'a:9092,b:9092' }],
    [
      { BROKER: 'kafka', BROKER_URL: 'postgresql://log', KAFKA_BROKERS: 'a:9092' },
      { kind: 'kafka', address: 'a:9092' },
    ],
    [
      { BROKER: 'postgres', BROKER_URL: 'postgresql://log', KAFKA_BROKERS: 'a:9092' },
      { kind: 'postgres', address: 'postgresql://log' },
    ],
  ])('%j', async (env, address) => {
    expect(await logAddress(world(env))).toMatchObject(address);
  });

  it('is the local stack’s when nothing is said', async () => {
    const address = await logAddress(world({}, { '/checkout/.data/stack.json': stack }));
    expect(address).toMatchObject({
      kind: 'postgres',
      address: 'postgresql://emp_broker:se%2Fcret@127.0.0.1:54329/emp_broker',
    });
  });

  it('is the Kafka that the local stack was last started on', async () => {
    const broker = { kind: 'kafka', address: '127.0.0.1:9092' };
    const onKafka = JSON.stringify({ layout: 1, databasePassword: 'secret', broker });
    expect(await logAddress(world({}, { '/checkout/.data/stack.json': onKafka }))).toMatchObject(broker);
    const back = JSON.stringify({ layout: 1, databasePassword: 'secret', broker: { kind: 'postgres' } });
    expect(await logAddress(world({}, { '/checkout/.data/stack.json': back }))).toMatchObject({ kind: 'postgres' });
  });

  it('follows the stack to another place', async () => {
    const address = await logAddress(
      world({ DATA_DIRECTORY: '/elsewhere', POSTGRES_PORT: '6000' }, { '/elsewhere/stack.json': stack }),
    );
    expect(address.address).toContain('@127.0.0.1:6000/');
  });

  it.each([
    [{}, /there is no local stack/],
    [{ BROKER: 'rabbit' }, /BROKER is postgres or kafka/],
    [{ BROKER: 'kafka' }, /needs KAFKA_BROKERS/],
    [{ KAFKA_BROKERS: 'kafka' }, /KAFKA_BROKERS is not host:port/],
    [{ BROKER_URL: 'log' }, /BROKER_URL is no postgresql/],
    [{ BROKER_URL: 'postgresql://log', KAFKA_BROKERS: 'a:9092' }, /both there/],
  ])('is not guessed from %j', async (env, complaint) => {
    await expect(logAddress(world(env))).rejects.toThrow(complaint);
  });
});
