import { readFile } from 'node:fs/promises';
import { CdrAcceptedV1, newEvent } from '@emp/events';
import { openBroker, Outbox, type Broker, type Log } from '@emp/messaging';
import { testDatabase, type TestDatabase } from '@emp/testing';
import { emp, type Outcome } from './captured-io.ts';

const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const event = newEvent(CdrAcceptedV1, CdrAcceptedV1.samples[0], { time: new Date('2026-05-01T09:05:01Z') });

describe('emp events, on log and services', () => {
  let eventLog: TestDatabase;
  let service: TestDatabase;
  let broker: Broker;

  const events = (line: string): Promise<Outcome> =>
    emp(`events ${line}`, { env: { BROKER_URL: eventLog.url, SERVICE_DATABASES: `billing=${service.url}` } });

  beforeAll(async () => {
    eventLog = await testDatabase();
    service = await testDatabase();
    await service.database.query(await readFile(new URL('../../../libs/messaging/sql/messaging.sql', import.meta.url), 'utf8'));
    broker = await openBroker({ kind: 'postgres', address: eventLog.url, clientId: 'test', log: quiet });
    await broker.ensureTopics();
    await service.database.query(
      `INSERT INTO consumer_group (name, topics, rebuildable) VALUES ('billing.model', '{emp.cdr.v1}', true), ('billing.record-prices', '{emp.price.v1}', true), ('billing.rate-cdr', '{emp.cdr.v1}', false)`,
    );
    await new Outbox({ source: 'billing' }).append(service.database, event);
  }, 60_000);
  afterAll(async () => {
    await broker.close();
    await eventLog.close();
    await service.close();
  });

  it('says that nothing is missing, and names what the log lacks', async () => {
    expect(await events('audit')).toMatchObject({
      status: 0,
      out: '0 events in the log, 0 of them twice (harmless), 1 waiting to be published: nothing is missing\n',
    });
    await service.database.query('UPDATE outbox SET published_at = now(), partition = 3, sequence = 1');
    const { status, out } = await events('audit');
    expect(status).toBe(1);
    expect(out).toMatch(/: 1 difference\n/);
    expect(out).toMatch(new RegExp(`published, not in the log +billing +emp\\.cdr\\.v1 +3 +CdrAccepted ${event.id}, number 1\n`));
    expect(JSON.parse((await events('audit --json')).out)).toMatchObject({ counts: { 'not-in-log': 1 } });
  });

  it('says what a replay would handle again, does it, and refuses what would repeat effects', async () => {
    await broker.publish([{ topic: 'emp.cdr.v1', key: event.key, headers: { ce_id: event.id, ce_type: event.type }, payload: '{}' }]);
    expect(await events('replay --group billing.model --from beginning --dry-run')).toMatchObject({
      status: 0,
      out: '1 event would be handled by billing.model\n  CdrAccepted  1\n',
    });
    expect(await events('replay --group billing.model --from 2026-05-01T00:00:00Z')).toMatchObject({ status: 0 });
    expect((await events('replay --group billing.record-prices --from beginning --dry-run')).out).toBe(
      '0 events would be handled by billing.record-prices\nemp.price.v1: only the latest event of each key is kept; ' +
        'what earlier ones told stays only in rows that are not dropped\n',
    );
    const refused = await events('replay --group billing.rate-cdr --from beginning');
    expect(refused.status).toBe(2);
    expect(refused.err).toMatch(/would repeat their effects; can be replayed: billing\.model, billing\.record-prices \(group-not-rebuildable\)/);
  });

  it.each(['yesterday', '5', '2026-02-30', '2026-05-01T00:00:00', '2026-05-01T25:00:00Z'])('takes %s for no instant', async (from) => {
    const { status, err } = await events(`replay --group billing.model --from ${from}`);
    expect({ status, complaint: err.split('\n')[0] }).toEqual({ status: 2, complaint: `emp: ${from} is no instant; for example 2026-05-01T00:00:00Z` });
  });

  it('replays nothing since an instant that is to come', async () => {
    expect((await events('replay --group billing.model --from 2999-01-01T00:00:00Z')).err).toMatch(/is in the future/);
  });

  it('looks into no databases of a stack whose log is another one', async () => {
    const stack = JSON.stringify({ layout: 1, databasePassword: 'secret', broker: { kind: 'kafka', address: '127.0.0.1:9092' } });
    const { status, err } = await emp('events audit', { env: { KAFKA_BROKERS: 'kafka.example:9092' }, files: { '/checkout/.data/stack.json': stack } });
    expect({ status, complaint: err.split(';')[0] }).toEqual({
      status: 2, complaint: "emp: KAFKA_BROKERS names another event log than the local stack's, and SERVICE_DATABASES is missing",
    });
  });
});
