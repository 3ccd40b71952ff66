import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { EmpEvent, Topic, TopicSettings } from '@emp/events';
import { newId } from '@emp/kernel';
import { eventually, testDatabase, testKafka, type TestDatabase } from '@emp/testing';
import { accepted, recording } from '../../test/fixture.ts';
import { SilentLog } from '../../test/silent-log.ts';
import { auditEvents } from '../audit/audit-events.ts';
import type { AuditReport } from '../audit/audit-report.ts';
import { Topics } from '../broker/topics.ts';
import { EventTransport } from '../inbox/event-transport.ts';
import { OutboxRelay } from '../outbox/outbox-relay.ts';
import { Outbox } from '../outbox/outbox.ts';
import { replayGroup, type ReplayRequest } from '../replay/replay-group.ts';
import { KafkaBroker } from './kafka-broker.ts';

const WITHIN = { withinMs: 30_000 };
const SESSIONS = Array.from({ length: 40 }, (_, index) => `session-${String(index).padStart(2, '0')}`);

/** A service whose outbox and read model meet in a Kafka topic of their own. */
describe('a service on Kafka', () => {
  const topic = `test.${newId()}.v1` as Topic;
  const group = `test.${newId()}`;
  // What a relay hears of itself goes over the topic of requests.
  const topics: Record<string, TopicSettings> = {
    [topic]: { partitions: 3, keep: { days: 1 } }, 'emp.operations.v1': { partitions: 1, keep: { days: 14 } },
  };
  const outbox = new Outbox({ source: `test-${newId()}` });
  const log = new SilentLog();
  const closers: (() => Promise<unknown>)[] = [];
  let service: TestDatabase;
  let broker: KafkaBroker;

  beforeAll(async () => {
    service = await testDatabase();
    closers.push(() => service.close());
    const { database } = service;
    await database.query(await readFile(new URL('../../sql/messaging.sql', import.meta.url), 'utf8'));
    await database.query('CREATE TABLE seen (session_id text, consumer text, place int GENERATED ALWAYS AS IDENTITY)');
    broker = await KafkaBroker.open({
      brokers: (await testKafka()).split(','), clientId: 'test', log, topics: new Topics(topics), consumer: { waitMs: 200 },
    });
    closers.push(() => broker.close());
    await broker.ensureTopics();

    class TestModule {}
    Module({ controllers: [recording(group, undefined, [topic], true)] })(TestModule);
    const strategy = new EventTransport({ broker, database, log, topics, lookEveryMs: 50 });
    const app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
    await app.listen();
    closers.push(() => app.close());
    const relay = new OutboxRelay({ database, broker, outbox, log, topics, pollMs: 50 });
    relay.start();
    closers.push(() => relay.stop());
  }, 90_000);
  afterAll(async () => {
    for (const closer of closers.reverse()) await closer();
  }, 60_000);

  const services = (): ReplayRequest['services'] => [{ name: outbox.source, databaseUrl: service.url }];
  const replay = (mode: ReplayRequest['mode'], from: ReplayRequest['from'] = 'beginning'): ReturnType<typeof replayGroup> =>
    replayGroup({ broker, services: services(), group, from, mode });
  const audit = (): Promise<AuditReport> => auditEvents({ broker, services: services(), topics: { [topic]: { partitions: 3, keep: { days: 1 } } } });
  const append = (sessions: readonly string[]): Promise<EmpEvent[]> => {
    const events = sessions.map((session): EmpEvent => ({ ...accepted(session), topic }));
    return service.database.transaction(async (tx) => {
      await outbox.append(tx, ...events);
      return events;
    });
  };
  const seen = async (): Promise<string[]> =>
    (await service.database.query<{ session_id: string }>('SELECT session_id FROM seen ORDER BY 1')).map((row) => row.session_id);
  const built = (sessions: readonly string[]): Promise<unknown> => eventually(async () => {
    expect(await seen()).toEqual([...sessions].sort());
    return true;
  }, { ...WITHIN, what: 'the read model' });
  const caughtUp = (): Promise<unknown> => eventually(async () =>
    (await broker.lag()).filter((each) => each.group === group).every(({ behind }) => behind === 0), { ...WITHIN, what: 'no event left' });

  let events: EmpEvent[];

  it('rebuilds its read model from the beginning while it runs, and says before what it would do', async () => {
    events = await append(SESSIONS);
    await built(SESSIONS);
    await caughtUp();
    expect(await replay('dry-run')).toEqual({ events: { CdrAccepted: 40 }, forgotten: 0, latestOnly: [] });
    expect(await seen()).toHaveLength(40);
    await service.database.query('DELETE FROM seen');
    expect(await replay('replay')).toEqual({ events: { CdrAccepted: 40 }, forgotten: 40, latestOnly: [] });
    await built(SESSIONS);
  }, 120_000);

  it('goes back to an instant only, if asked', async () => {
    await caughtUp();
    expect(await replay('dry-run', new Date(Date.now() + 60_000))).toEqual({ events: {}, forgotten: 0, latestOnly: [] });
    await service.database.query(`UPDATE inbox SET received_at = now() - interval '2 hours'`);
    const since = new Date();
    await append(['young']);
    await built([...SESSIONS, 'young']);
    await caughtUp();
    expect(await replay('replay', since)).toEqual({ events: { CdrAccepted: 1 }, forgotten: 1, latestOnly: [] });
    await built([...SESSIONS, 'young', 'young']);
  }, 120_000);

  it('is audited: nothing differs, until something does', async () => {
    await caughtUp();
    expect(await audit()).toMatchObject({ events: 41, counts: { 'not-in-log': 0, 'not-handled': 0, gap: 0 }, differences: [] });
    const [notHandled] = events;
    await service.database.query('DELETE FROM inbox WHERE event_id = $1', [notHandled?.id]);
    const lost = { ...accepted('lost'), topic };
    await outbox.append(service.database, lost);
    await built([...SESSIONS, 'lost', 'young', 'young']);
    await caughtUp();
    // As if the log had never got it: the outbox calls another number published.
    await service.database.query('UPDATE outbox SET event_id = $2, sequence = sequence + 1000 WHERE event_id = $1', [lost.id, newId()]);
    const { counts, differences } = await audit();
    expect(counts).toMatchObject({ 'not-in-log': 1, 'not-handled': 1 });
    expect(differences).toContainEqual(expect.objectContaining({ kind: 'not-handled', eventId: notHandled?.id, group }));
  }, 120_000);
});
