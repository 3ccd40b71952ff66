import { createNoopMeter } from '@opentelemetry/api';
import type { Database, Transaction } from '@emp/database';
import type { EmpEvent } from '@emp/events';
import { Outbox, decodeEvent, type BatchContext } from '@emp/messaging';
import { migrationsDirectory } from '@emp/prisma-cdr-ingest';
import { createLog } from '@emp/service-kit';
import { FakeClock, testDatabase, type TestDatabase } from '@emp/testing';
import { CdrMetrics } from '../src/cdrs/cdr-metrics.ts';
import { CheckDesk } from '../src/check-records/check-desk.ts';
import { Recheck } from '../src/check-records/recheck.ts';
import { DEFAULT_LIMITS, type CheckLimits } from '../src/domain/check-context.ts';
import { MatchContractHandler } from '../src/match-contract/match-contract.handler.ts';
import { NetworkFactsHandler } from '../src/network-facts/network-facts.handler.ts';
import { ReceiveCdrHandler } from '../src/receive-cdr/receive-cdr.handler.ts';
import { FollowSessionsHandler } from '../src/session-story/follow-sessions.handler.ts';
import { verifyInline } from '../src/verify-metering/metering-verifier.ts';
import { RECEIVED_AT, vault } from './builders.ts';

/** The builders' records are all of one hour, one EVSE and one card: that they overlap is not what these tests are about. */
const ONE_HOUR: CheckLimits = { ...DEFAULT_LIMITS, overlapToleranceSeconds: 86_400 };

/** The consumers of cdr-ingest on a real database, fed by hand: what the event log would deliver is given in batches. */
export class Desk {
  readonly clock = new FakeClock(RECEIVED_AT);
  readonly outbox = new Outbox({ source: 'cdr-ingest' });
  readonly log = createLog('test', 'silent');
  readonly #receive: ReceiveCdrHandler;
  readonly #match: MatchContractHandler;
  readonly #network: NetworkFactsHandler;
  readonly #sessions: FollowSessionsHandler;
  readonly recheck: Recheck;

  private constructor(private readonly test: TestDatabase, limits: CheckLimits) {
    const metrics = new CdrMetrics(createNoopMeter(), test.database);
    const checks = new CheckDesk(verifyInline);
    this.recheck = new Recheck(checks, vault, this.outbox, limits);
    this.#receive = new ReceiveCdrHandler(vault, this.outbox, this.clock, limits, this.log, metrics, checks, this.recheck);
    this.#match = new MatchContractHandler(this.recheck, this.clock, this.log, metrics);
    this.#network = new NetworkFactsHandler(this.recheck, this.clock, this.log, metrics);
    this.#sessions = new FollowSessionsHandler(this.recheck, this.clock, this.log, metrics);
  }

  static async open(limits: CheckLimits = ONE_HOUR): Promise<Desk> {
    return new Desk(await testDatabase({ migrations: migrationsDirectory }), limits);
  }

  get database(): Database {
    return this.test.database;
  }

  get url(): string {
    return this.test.url;
  }

  /** One batch of records, in its own transaction. */
  receive(...events: readonly EmpEvent[]): Promise<void> {
    return this.database.transaction((tx) => this.receiveWithin(tx, ...events));
  }

  receiveWithin(tx: Transaction, ...events: readonly EmpEvent[]): Promise<void> {
    return this.#receive.handle(events, contextOf(tx));
  }

  register(...events: readonly EmpEvent[]): Promise<void> {
    return this.database.transaction((tx) => this.registerWithin(tx, ...events));
  }

  registerWithin(tx: Transaction, ...events: readonly EmpEvent[]): Promise<void> {
    return this.#match.handle(events, contextOf(tx));
  }

  /** What poi-sync tells of the network. */
  async network(...events: readonly EmpEvent[]): Promise<void> {
    await this.database.transaction((tx) => this.networkWithin(tx, ...events));
  }

  async networkWithin(tx: Transaction, ...events: readonly EmpEvent[]): Promise<void> {
    const told = (type: string): readonly EmpEvent[] => events.filter((event) => event.type === type);
    await this.#network.evses([...told('EvseRecorded'), ...told('EvseRemoved')], contextOf(tx));
    await this.#network.prices(told('PriceListed'), contextOf(tx));
  }

  /** What the gateway tells of sessions. */
  sessions(...events: readonly EmpEvent[]): Promise<void> {
    return this.database.transaction((tx) => this.sessionsWithin(tx, ...events));
  }

  sessionsWithin(tx: Transaction, ...events: readonly EmpEvent[]): Promise<void> {
    return this.#sessions.handle(events, contextOf(tx));
  }

  /** Takes what stands in the outbox, in order, of one type or of all. */
  async takeEvents(type?: string): Promise<readonly EmpEvent[]> {
    const rows = await this.database.query<{ topic: string; key: string; headers: Record<string, string>; payload: string }>(
      `WITH taken AS (DELETE FROM outbox WHERE $1::text IS NULL OR headers->>'ce_type' = $1 RETURNING *)
       SELECT topic, key, headers, payload FROM taken ORDER BY id`, [type ?? null],
    );
    return rows.map((row) => {
      const read = decodeEvent(row);
      if (!read.ok) throw new Error(read.refusal.detail);
      return read.value;
    });
  }

  /** `session/version: state codes…` of every stored record, sorted. */
  async stored(): Promise<readonly string[]> {
    const rows = await this.database.query<{ session_id: string; version: number; state: string; findings: readonly { code: string }[] }>(
      'SELECT session_id, version, state, findings FROM cdr ORDER BY session_key, version',
    );
    return rows.map((row) => [`${row.session_id.slice(-4)}/${row.version}: ${row.state}`, ...row.findings.map(({ code }) => code)].join(' '));
  }

  /** As new, for the next test. */
  async clear(): Promise<void> {
    const [tables] = await this.database.query<{ names: string }>(
      `SELECT string_agg(quote_ident(tablename), ', ') AS names FROM pg_tables
       WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
    );
    await this.database.query(`TRUNCATE ${tables?.names ?? 'cdr'}`);
    this.clock.advance({ ms: RECEIVED_AT.getTime() - this.clock.now().getTime() });
  }

  close(): Promise<void> {
    return this.test.close();
  }
}

function contextOf(tx: Transaction): BatchContext {
  return { tx, group: 'test', afterCommit: (run) => tx.afterCommit(run) };
}
