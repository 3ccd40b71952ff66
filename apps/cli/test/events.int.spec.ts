import { CdrAcceptedV1, newEvent } from '@emp/events';
import { encodeEvent, openBroker, type Broker, type Log } from '@emp/messaging';
import { eventually, testDatabase, type TestDatabase } from '@emp/testing';
import { emp, type Outcome } from './captured-io.ts';

const TOPIC = 'emp.cdr.v1';
const FIRST = 'b2688855-7f00-0002-6d8e-48d883f6abb6';
const SECOND = 'c3799966-7f00-0002-6d8e-48d883f6abb6';
const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const [sample] = CdrAcceptedV1.samples;

const accepted = (sessionId: string): ReturnType<typeof encodeEvent> =>
  encodeEvent(
    newEvent(CdrAcceptedV1, { ...sample, sessionId }, { time: new Date('2026-05-01T09:05:01Z') }),
    'cdr-ingest',
  );

const givenUp = (sessionId: string, reason: string): ReturnType<typeof encodeEvent> => {
  const event = accepted(sessionId);
  return {
    ...event,
    topic: `${TOPIC}.dlq`,
    headers: {
      ...event.headers,
      dlq_group: 'billing.rate-cdr',
      dlq_topic: TOPIC,
      dlq_partition: '2',
      dlq_position: `9-${sessionId.length}-${reason}`,
      dlq_reason: reason,
      dlq_message: 'no plan has this tariff',
      dlq_attempts: '5',
      dlq_at: '2026-05-01T09:06:00.000Z',
    },
  };
};

describe('emp events, on a running log', () => {
  let eventLog: TestDatabase;
  let broker: Broker;

  const events = (
    line: string,
    more: { readonly until?: AbortSignal; readonly onOut?: (text: string) => void } = {},
  ): Promise<Outcome> => emp(`events ${line}`, { env: { BROKER_URL: eventLog.url }, ...more });
  const payloadsOf = async (topic: string): Promise<string[]> => {
    const payloads: string[] = [];
    for await (const { payload } of broker.read(topic)) payloads.push(payload);
    return payloads;
  };

  beforeEach(async () => {
    eventLog = await testDatabase();
    broker = await openBroker({ kind: 'postgres', address: eventLog.url, clientId: 'test', log: quiet });
    await broker.ensureTopics();
  }, 60_000);
  afterEach(async () => {
    await broker.close();
    await eventLog.close();
  });

  it('shows what lies in a topic, one line an event, of one key if asked', async () => {
    await broker.publish([accepted(FIRST), accepted(SECOND)]);
    const { status, out } = await events(`tail cdr --once --key ${FIRST}`);
    expect(status).toBe(0);
    expect(out).toMatch(
      new RegExp(`^2026-05-01T09:05:01\\.000Z {2}CdrAccepted {2}${FIRST} {2}\\d/\\S+ {2}\\{"sessionId".*\\}\n$`),
    );
  });

  it('goes on with what is appended until it is interrupted, as lines of JSON', async () => {
    await broker.publish([accepted(FIRST)]);
    const interrupt = new AbortController();
    let lines = '';
    const tail = events('tail emp.cdr.v1 --from beginning --json', {
      until: interrupt.signal,
      onOut: (text) => {
        lines += text;
      },
    });
    await eventually(() => lines.includes(FIRST), { what: 'the first event', withinMs: 20_000 });
    await broker.publish([accepted(SECOND)]);
    await eventually(() => lines.includes(SECOND), { what: 'the second event', withinMs: 20_000 });
    interrupt.abort();
    const { status, out } = await tail;
    expect(status).toBe(0);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { topic: TOPIC, key: FIRST, headers: { ce_type: 'CdrAccepted' }, data: { sessionId: FIRST } },
      { key: SECOND },
    ]);
    expect(await broker.lag()).toEqual([]);
  }, 60_000);

  it('says how far a group is behind', async () => {
    const subscription = await broker.subscribe({
      group: 'billing.rate-cdr',
      topics: [TOPIC],
      onBatch: () => Promise.reject(new Error('not now')),
    });
    await broker.publish([accepted(FIRST), accepted(SECOND)]);
    const { status, out } = await events('lag --group billing.rate-cdr');
    expect(status).toBe(0);
    expect(out).toMatch(/billing\.rate-cdr {2}emp\.cdr\.v1 {2}2 {7}\d+ s\n$/);
    expect(await events('lag --group nobody')).toMatchObject({ status: 1, out: 'no such consumer group; there are billing.rate-cdr\n' });
    expect(await events('lag --group nobody --json')).toMatchObject({ status: 1, out: '[]\n' });
    expect((await events('topics')).out).toMatch(/emp\.cdr\.v1 .*90 days.*billing\.rate-cdr \(2 behind\)/);
    await subscription.stop();
  }, 60_000);

  it('counts events and dead letters of every topic', async () => {
    await broker.publish([accepted(FIRST), accepted(SECOND), givenUp(FIRST, 'tariff-missing')]);
    const { out } = await events('topics --count --json');
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({ topic: TOPIC, partitions: 6, events: 2, deadLetters: 1 }),
    );
  });

  it('lists dead letters, shows one, and publishes them again', async () => {
    const letter = givenUp(FIRST, 'tariff-missing');
    await broker.publish([letter, givenUp(SECOND, 'process-killed')]);
    const eventId = letter.headers['ce_id'] ?? '';

    const list = await events('dlq list');
    expect(list.out.split('\n')).toHaveLength(4);
    expect(list.out).toMatch(
      new RegExp(
        `billing\\.rate-cdr {2}emp\\.cdr\\.v1 {2}CdrAccepted {2}${eventId} {2}5 {6}tariff-missing: no plan`,
      ),
    );
    expect((await events('dlq list cdr --reason process-killed --json')).out).not.toContain(eventId);

    const shown = await events(`dlq show ${eventId}`);
    expect(shown.status).toBe(0);
    expect(shown.out).toMatch(/given up by billing\.rate-cdr/);
    expect(shown.out).toMatch(/"sessionId": "b2688855/);
    expect(shown.out).not.toMatch(/dlq_/);

    expect((await events('dlq replay cdr --reason tariff-missing --dry-run')).out).toBe(
      '1 dead letter of emp.cdr.v1 would be published again\n',
    );
    expect(await payloadsOf(TOPIC)).toEqual([]);
    expect(await events('dlq replay cdr --reason tariff-missing')).toMatchObject({
      status: 0,
      out: '1 dead letter of emp.cdr.v1 was published again\n',
    });
    expect(await payloadsOf(TOPIC)).toEqual([letter.payload]);
  });

  it('ends with status 1 when no dead letter is meant', async () => {
    expect(await events('dlq show 0197')).toMatchObject({ status: 1, out: 'no such dead letter\n' });
    expect(await events('dlq replay cdr --all')).toMatchObject({ status: 1 });
    expect(await events('dlq list')).toMatchObject({ status: 0, out: 'no dead letters\n' });
  });

  it.each(['topics', 'lag', 'audit'])('asks what a word after %s is meant to be', async (command) => {
    const { status, err } = await events(`${command} emp.cdr.v1`);
    expect({ status, complaint: err.split('\n')[0] }).toEqual({ status: 2, complaint: 'emp: what is emp.cdr.v1?; options only are expected' });
  });

  it('says that the log is away, without its password', async () => {
    const { status, out, err } = await emp('events lag', {
      env: { BROKER_URL: 'postgresql://emp_broker:hidden@127.0.0.1:1/none' },
    });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/the event log does not answer \(postgres, from BROKER_URL\)/);
    expect(err).not.toContain('hidden');
  });
});
