import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { Controller, Module, type INestMicroservice, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Database } from '@emp/database';
import { CdrAcceptedV1, CdrConflictedV1, newEvent, type EmpEvent, type Topic } from '@emp/events';
import { testDatabase, type TestDatabase } from '@emp/testing';
import { ConsumeEvents, EventTransport, openBroker, Outbox, type BatchContext, type Broker, type EventTransportOptions } from '../src/index.ts';
import { SilentLog } from './silent-log.ts';

export const TOPIC: Topic = 'emp.cdr.v1';

/** A service with its database (a table `seen` stands for its state), and an event log. */
export class Fixture {
  readonly log = new SilentLog();
  readonly outbox = new Outbox({ source: 'test-service' });
  readonly #databases: TestDatabase[];
  readonly #closers: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly database: Database,
    readonly broker: Broker,
    /** The tables of the PostgreSQL broker. */
    readonly eventLog: Database,
    readonly serviceUrl: string,
    databases: TestDatabase[],
  ) {
    this.#databases = databases;
  }

  static async open(): Promise<Fixture> {
    const service = await testDatabase();
    await service.database.query(await readFile(new URL('../sql/messaging.sql', import.meta.url), 'utf8'));
    await service.database.query('CREATE TABLE seen (session_id text, consumer text, place int GENERATED ALWAYS AS IDENTITY)');
    const eventLog = await testDatabase();
    const broker = await openBroker({ kind: 'postgres', address: eventLog.url, clientId: 'test', log: new SilentLog() });
    await broker.ensureTopics();
    return new Fixture(service.database, broker, eventLog.database, service.url, [service, eventLog]);
  }

  /** After each test: whoever was started is closed, and every table is empty again. */
  async reset(): Promise<void> {
    for (const closer of this.#closers.splice(0).reverse()) await closer();
    await this.database.query('TRUNCATE outbox, outbox_batch, outbox_sequence, inbox, inbox_sequence, inbox_failure, consumer_progress, consumer_group, seen');
    await this.eventLog.query('TRUNCATE log, group_cursor, group_member');
    this.log.lines.length = 0;
  }

  async close(): Promise<void> {
    await this.broker.close();
    for (const database of this.#databases) await database.close();
  }

  onClose(closer: () => Promise<unknown>): void {
    this.#closers.push(closer);
  }

  /** Starts a Nest application with these controllers on the transport. */
  async consume(controllers: readonly Type[], options: Partial<EventTransportOptions> = {}): Promise<INestMicroservice> {
    class TestModule {}
    Module({ controllers: [...controllers] })(TestModule);
    const strategy = new EventTransport({ broker: this.broker, database: this.database, log: this.log, retry: { firstMs: 10, longestMs: 20 }, ...options });
    const app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
    await app.listen();
    let open = true;
    this.onClose(async () => {
      if (open) await app.close();
      open = false;
    });
    return app;
  }

  /** What the handlers committed, in order. */
  async seen(consumer = 'test.first'): Promise<string[]> {
    const rows = await this.database.query<{ session_id: string }>('SELECT session_id FROM seen WHERE consumer = $1 ORDER BY place', [consumer]);
    return rows.map((row) => row.session_id);
  }
}

type Handle = (events: readonly EmpEvent[], ctx: BatchContext) => Promise<void>;

/** A controller whose group writes down what it is given after `before` had its say. */
export function recording(group: string, before: Handle = () => Promise.resolve(), topics: readonly Topic[] = [TOPIC], rebuildable = false): Type {
  class RecordingController {
    async handle(events: readonly EmpEvent[], ctx: BatchContext): Promise<void> {
      for (const event of events) {
        await ctx.tx.execute('INSERT INTO seen (session_id, consumer) VALUES ($1, $2)', [event.key, ctx.group]);
        await before([event], ctx);
      }
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(RecordingController.prototype, 'handle');
  if (!descriptor) throw new Error('no method');
  ConsumeEvents({ group, topics, rebuildable })(RecordingController.prototype, 'handle', descriptor);
  Payload()(RecordingController.prototype, 'handle', 0);
  Ctx()(RecordingController.prototype, 'handle', 1);
  Controller()(RecordingController);
  return RecordingController;
}

const [sample] = CdrAcceptedV1.samples;

export const accepted = (sessionId: string): EmpEvent => newEvent(CdrAcceptedV1, { ...sample, sessionId }, { time: new Date() });

export const conflicted = (sessionId: string): EmpEvent =>
  newEvent(CdrConflictedV1, { sessionId, differingMembers: [], receivedAt: '2026-05-01T12:00:00.000Z' }, { time: new Date() });
