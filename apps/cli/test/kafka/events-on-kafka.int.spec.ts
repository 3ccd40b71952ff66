import { CdrAcceptedV1, newEvent } from '@emp/events';
import { newId } from '@emp/kernel';
import { encodeEvent, openBroker, type Broker, type Log } from '@emp/messaging';
import { eventually, testKafka } from '@emp/testing';
import { emp, type Outcome, type World } from '../captured-io.ts';

const TOPIC = 'emp.cdr.v1';
const WITHIN = { withinMs: 30_000 };
const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const [sample] = CdrAcceptedV1.samples;

/** The topics are those of the catalogue, and others write to them, too: everything asked for is our own. */
describe('emp events, on Kafka', () => {
  let address: string;
  let broker: Broker;
  beforeAll(async () => {
    address = await testKafka();
    broker = await openBroker({ kind: 'kafka', address, clientId: 'test', log: quiet });
    await broker.ensureTopics();
  }, 90_000);
  afterAll(() => broker.close(), 30_000);

  const events = (line: string, more: World = {}): Promise<Outcome> =>
    emp(`events ${line}`, { env: { KAFKA_BROKERS: address }, ...more });
  const accepted = (sessionId: string): ReturnType<typeof encodeEvent> =>
    encodeEvent(newEvent(CdrAcceptedV1, { ...sample, sessionId }, { time: new Date() }), 'cdr-ingest');
  const keysOf = async (eventId: string): Promise<string[]> => {
    const keys: string[] = [];
    for await (const { key, headers } of broker.read(TOPIC)) if (headers['ce_id'] === eventId) keys.push(key);
    return keys;
  };

  it('tail shows what lies in a topic of one key, and follows what is appended', async () => {
    const [first, second] = [newId(), newId()];
    await broker.publish([accepted(first), accepted(second)]);
    const { status, out } = await events(`tail cdr --once --key ${first}`);
    expect(status).toBe(0);
    expect(out).toMatch(new RegExp(`CdrAccepted {2}${first} {2}\\d/\\d+ {2}\\{"sessionId".*\\}\n$`));

    const interrupt = new AbortController();
    let lines = '';
    const onOut = (text: string): void => { lines += text; };
    const tail = events(`tail cdr --from beginning --key ${second} --json`, { until: interrupt.signal, onOut });
    await eventually(() => lines.split('\n').length === 2, WITHIN);
    await broker.publish([accepted(second)]);
    await eventually(() => lines.split('\n').length === 3, WITHIN);
    interrupt.abort();
    expect((await tail).status).toBe(0);
  }, 60_000);

  it('lag and topics say how far a group is', async () => {
    const group = `test.${newId()}`;
    const isLast = newId();
    let handled = false;
    const subscription = await broker.subscribe({
      group,
      topics: [TOPIC],
      onBatch: async (batch) => { handled ||= batch.events.some(({ key }) => key === isLast); },
    });
    await broker.publish([accepted(isLast)]);
    await eventually(() => handled, WITHIN);
    await subscription.stop();
    await broker.publish([accepted(isLast), accepted(isLast)]);
    await eventually(async () => (await events(`lag --group ${group}`)).out.match(/ {2}2 {7}\d+ s\n$/), WITHIN);
    expect((await events('topics')).out).toContain(`${group} (2 behind)`);
  }, 60_000);

  it('dlq lists a dead letter, shows it, and publishes it again under its key', async () => {
    const [sessionId, group] = [newId(), `test.${newId()}`];
    const event = accepted(sessionId);
    const eventId = event.headers['ce_id'] ?? '';
    const dlq = {
      dlq_group: group, dlq_topic: TOPIC, dlq_partition: '2', dlq_position: '7', dlq_reason: 'tariff-missing',
      dlq_message: 'no plan has this tariff', dlq_attempts: '5', dlq_at: '2026-05-01T09:06:00.000Z',
    };
    await broker.publish([{ ...event, topic: `${TOPIC}.dlq`, headers: { ...event.headers, ...dlq } }]);

    expect((await events(`dlq list cdr --group ${group}`)).out).toMatch(new RegExp(`${eventId} {2}5 {6}tariff-missing`));
    const shown = await events(`dlq show ${eventId}`);
    expect(shown).toMatchObject({ status: 0, out: expect.stringContaining(`"sessionId": "${sessionId}"`) as string });
    expect((await events(`dlq replay cdr --group ${group} --dry-run`)).out).toBe(
      '1 dead letter of emp.cdr.v1 would be published again\n',
    );
    expect(await keysOf(eventId)).toEqual([]);
    expect((await events(`dlq replay cdr --event ${eventId}`)).status).toBe(0);
    expect(await keysOf(eventId)).toEqual([sessionId]);
  }, 60_000);
});
