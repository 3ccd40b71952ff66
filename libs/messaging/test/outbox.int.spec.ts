import { eventually } from '@emp/testing';
import { encodeEvent, OutboxRelay, type Broker, type OutboxRelayOptions } from '../src/index.ts';
import { accepted, Fixture, recording, TOPIC } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => { fixture = await Fixture.open(); });
afterEach(() => fixture.reset());
afterAll(() => fixture.close());

const startRelay = (options: Partial<OutboxRelayOptions> = {}): OutboxRelay => {
  const relay = new OutboxRelay({ database: fixture.database, broker: fixture.broker, outbox: fixture.outbox, log: fixture.log, ...options });
  relay.start();
  let running = true;
  const stop = relay.stop.bind(relay);
  relay.stop = async () => {
    if (running) await stop();
    running = false;
  };
  fixture.onClose(() => relay.stop());
  return relay;
};

const append = (...sessionIds: string[]): Promise<void> =>
  fixture.database.transaction((tx) => fixture.outbox.append(tx, ...sessionIds.map(accepted)));

const published = async (): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of fixture.broker.read(TOPIC)) keys.push(key);
  return keys;
};

/** The real broker with something done to `publish`. */
const withPublish = (publish: (real: Broker, ...args: Parameters<Broker['publish']>) => Promise<void>): Broker =>
  new Proxy(fixture.broker, {
    get: (real, name) => {
      const member: unknown = Reflect.get(real, name, real);
      if (name === 'publish') return (events: Parameters<Broker['publish']>[0]) => publish(real, events);
      return typeof member === 'function' ? member.bind(real) : member;
    },
  });

describe('Outbox', () => {
  it('publishes what was committed, as a CloudEvent', async () => {
    startRelay();
    const event = { ...accepted('session-1'), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    await fixture.database.transaction((tx) => fixture.outbox.append(tx, event));
    await eventually(async () => (await published()).length === 1);
    for await (const { key, headers, payload } of fixture.broker.read(TOPIC)) {
      expect(key).toBe('session-1');
      expect(headers).toEqual({
        ce_specversion: '1.0', ce_id: event.id, ce_type: 'CdrAccepted', ce_source: 'test-service', ce_time: event.time,
        ce_subject: 'session-1', ce_sequence: '1', traceparent: event.traceparent,
      });
      expect(JSON.parse(payload)).toEqual(event.data);
    }
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    startRelay();
    await expect(fixture.database.transaction(async (tx) => {
      await fixture.outbox.append(tx, accepted('rolled back'));
      throw new Error('changed my mind');
    })).rejects.toThrow('changed my mind');
    await append('committed');
    await eventually(async () => (await published()).length > 0);
    expect(await published()).toEqual(['committed']);
  });

  it('counts what waits', async () => {
    await append('a', 'b');
    const { count, oldestAt } = await fixture.outbox.pending(fixture.database);
    expect(count).toBe(2);
    expect(oldestAt).toBeInstanceOf(Date);
  });
});

describe('OutboxRelay', () => {
  it('keeps the order in which events of one key were appended, over many batches', async () => {
    startRelay({ batchSize: 7 });
    const expected: string[] = [];
    for (let index = 0; index < 100; index += 1) {
      const event = { ...accepted('one session'), data: { index } };
      expected.push(String(index));
      await fixture.database.transaction((tx) => fixture.outbox.append(tx, event));
    }
    await eventually(async () => (await published()).length === 100);
    const indices: string[] = [];
    for await (const { payload } of fixture.broker.read(TOPIC)) indices.push(String((JSON.parse(payload) as { index: number }).index));
    expect(indices).toEqual(expected);
  });

  it('wakes up at a commit, without waiting for its next look', async () => {
    startRelay({ pollMs: 60_000 });
    await append('first');
    await eventually(async () => (await published()).length === 1, { withinMs: 3_000 });
    await append('second');
    await eventually(async () => (await published()).length === 2, { withinMs: 1_000 });
  });

  it('is one of all replicas: the others stand by, tell it of their commits, and take over', async () => {
    const leader = startRelay({ pollMs: 60_000 });
    await append('by the leader');
    await eventually(async () => (await published()).length === 1);
    const standby = startRelay({ pollMs: 60_000 });
    await append('by the standby');
    await eventually(async () => (await published()).length === 2, { withinMs: 2_000 });
    await leader.stop();
    await append('after the take-over');
    await eventually(async () => (await published()).length === 3, { what: 'the take-over', withinMs: 5_000 });
    await standby.stop();
  });

  it('waits for a broker that is away, and catches up in order', async () => {
    let away = true;
    const broker = withPublish((real, events) => (away ? Promise.reject(new Error('the broker is away')) : real.publish(events)));
    startRelay({ broker, pollMs: 10 });
    await append('a');
    await append('b');
    await eventually(() => fixture.log.lines.some(({ message }) => message === 'outbox not published'));
    expect((await fixture.outbox.pending(fixture.database)).count).toBe(2);
    away = false;
    await eventually(async () => (await fixture.outbox.pending(fixture.database)).count === 0);
    expect(new Set(await published())).toEqual(new Set(['a', 'b']));
  });

  it('publishes again after a crash between publish and mark, and the consumer sees it once', async () => {
    let crashes = 1;
    const broker = withPublish(async (real, events) => {
      await real.publish(events);
      if (crashes-- > 0) throw new Error('the process dies after the publish');
    });
    await fixture.consume([recording('test.first')]);
    startRelay({ broker, pollMs: 10 });
    await append('session-1', 'session-2');
    await eventually(async () => (await published()).length === 4, { what: 'both events twice in the log' });
    await append('session-3');
    await eventually(async () => (await fixture.seen()).includes('session-3'));
    expect((await fixture.seen()).sort()).toEqual(['session-1', 'session-2', 'session-3']);
  });

  it('publishes what is committed before it stops', async () => {
    const relay = startRelay({ batchSize: 10, pollMs: 60_000 });
    await append('warm');
    await eventually(async () => (await published()).length === 1);
    await append(...Array.from({ length: 95 }, (_, index) => `session-${index}`));
    await relay.stop();
    expect(await published()).toHaveLength(96);
    expect((await fixture.outbox.pending(fixture.database)).count).toBe(0);
  });

  it('survives the loss of its connections', async () => {
    startRelay({ pollMs: 20 });
    await append('before');
    await eventually(async () => (await published()).length === 1);
    await fixture.database.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
    await eventually(() => append('after').then(() => true));
    await eventually(async () => (await published()).includes('after'), { withinMs: 8_000 });
  }, 15_000);

  it('keeps published rows for a while, then deletes them', async () => {
    await append('old', 'young');
    await fixture.database.execute(`UPDATE outbox SET published_at = now() - CASE key WHEN 'old' THEN interval '8 days' ELSE interval '6 days' END`);
    startRelay();
    await eventually(async () => (await fixture.database.query('SELECT key FROM outbox')).length === 1);
    expect(await fixture.database.query('SELECT key FROM outbox')).toEqual([{ key: 'young' }]);
  });
});

describe('the outbox statement', () => {
  it('takes any text', async () => {
    const awkward = { ...accepted('key with "quotes", {braces}, \\ and ⚡'), data: { text: 'NULL,"\\\n{}' } };
    await fixture.outbox.append(fixture.database, awkward);
    const [row] = await fixture.database.query<{ key: string; headers: unknown; payload: string }>('SELECT key, headers, payload FROM outbox');
    const { key, headers, payload } = encodeEvent(awkward, 'test-service');
    expect(row).toEqual({ key, headers, payload });
  });
});

