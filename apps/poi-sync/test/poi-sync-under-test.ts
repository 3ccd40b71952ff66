import type { Clock } from '@emp/kernel';
import type { RunningService } from '@emp/service-kit';
import { testDatabase, type TestDatabase } from '@emp/testing';
import { readPoiSyncConfig, startPoiSync } from '../src/index.ts';
import type { PullRun } from '../src/pulls/pull-run.ts';
import { FakeHbs } from './fake-hbs.ts';

/** Every look at it is a minute later: no rate limit makes a test wait, and no two moments are the same. */
export class LeapingClock implements Clock {
  #millis = Date.parse('2026-05-01T08:00:00.000Z');

  now(): Date {
    this.#millis += 60_000;
    return new Date(this.#millis);
  }
}

const IMPATIENT = { backOffMs: 1 };
const PULLS = ['PullEvseData', 'PullEvseStatus', 'PullPricingProductData', 'PullEvsePricing'];

export interface OutboxEvent {
  readonly type: string;
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** poi-sync on a database of its own, listening, with an HBS that does as it is told. */
export class PoiSyncUnderTest {
  #eventsSeen = 0n;

  private constructor(
    readonly hbs: FakeHbs,
    readonly own: TestDatabase,
    private readonly broker: TestDatabase,
    private readonly env: Readonly<Record<string, string>>,
    private readonly clock: Clock,
    private service: RunningService,
  ) {}

  static async start(variables: Readonly<Record<string, string>> = {}): Promise<PoiSyncUnderTest> {
    const [hbs, own, broker] = await Promise.all([FakeHbs.start(), testDatabase(), testDatabase()]);
    const env = {
      DATABASE_URL: own.url, BROKER_URL: broker.url, PORT: '0', LOG_LEVEL: 'silent', HBS_URL: hbs.url,
      PROVIDERS: 'DE-EMP:online,DE-OFL:offline',
      // The limits are the database's, whose clock does not leap: no test waits for them.
      HBS_CALLS_PER_MINUTE: PULLS.map((pull) => `${pull}:100000`).join(),
      EVSE_DATA_EVERY_SECONDS: '0', EVSE_STATUS_EVERY_SECONDS: '0', PRICING_EVERY_SECONDS: '0', ...variables,
    };
    const clock = new LeapingClock();
    return new PoiSyncUnderTest(
      hbs, own, broker, env, clock, await startPoiSync(readPoiSyncConfig(env), { clock, hbs: IMPATIENT })
    );
  }

  /** As new: nothing known, and an HBS that lists nothing. */
  async reset(): Promise<void> {
    await this.own.database.execute(
      'TRUNCATE evse, evse_status, evse_seen, evse_status_seen, operator_price, pull_run'
    );
    await this.newEvents();
    this.hbs.reset();
  }

  get url(): string {
    return this.service.url;
  }

  /** Stops in good order and starts again on what is stored. */
  async restart(): Promise<void> {
    await this.service.stop();
    this.service = await this.replica();
  }

  /** Another replica on the same database. */
  replica(): Promise<RunningService> {
    return startPoiSync(readPoiSyncConfig(this.env), { clock: this.clock, hbs: IMPATIENT });
  }

  async get<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.url}${path}`)).json()) as T;
  }

  /** Pulls and waits; the run as it ended. */
  async pull(kind: string, query = ''): Promise<PullRun> {
    const response = await fetch(`${this.url}/v1/pulls/${kind}?wait=true${query}`, { method: 'POST' });
    const body = (await response.json()) as PullRun & { run?: PullRun; detail?: string };
    if (response.status === 200) return body;
    if (body.run) return body.run;
    throw new Error(`pull ${kind} answered ${response.status}: ${body.detail}`);
  }

  /** The events since the last time this was asked. */
  async newEvents(): Promise<OutboxEvent[]> {
    const rows = await this.own.database.query<{ id: bigint; type: string; key: string; payload: string }>(
      `SELECT id, headers ->> 'ce_type' AS type, key, payload FROM outbox WHERE id > $1 ORDER BY id`,
      [this.#eventsSeen],
    );
    this.#eventsSeen = rows.at(-1)?.id ?? this.#eventsSeen;
    return rows.map(({ type, key, payload }) => ({ type, key, data: JSON.parse(payload) as Record<string, unknown> }));
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await Promise.all([this.hbs.stop(), this.own.close(), this.broker.close()]);
  }
}
