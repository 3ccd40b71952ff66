import type { Database } from '@emp/database';
import { DATABASE, Job, LOG, METER, type JobResult, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { GatewayConfig } from '../../config.ts';
import { Providers, type ProviderConnection } from '../../providers.ts';
import { CONFIG } from '../../tokens.ts';
import { CardIndexKeeper } from '../card-index/card-index-keeper.ts';
import { ChangeGroups } from './change-groups.ts';
import { ListRun, type RunReport } from './list-run.ts';

export type ListResult = JobResult<RunReport>;

const SOON_MS = 500;
/** Changes that come together go together. */
const DEBOUNCE_MS = 100;
const BUSY_ELSEWHERE_MS = 500;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;
/** Nothing went wrong when there was nothing to do, or a person is asked. */
export const FINE: readonly string[] = ['accepted', 'unchanged', 'nothing-to-push', 'waiting', 'rejected'];

interface List {
  readonly connection: ProviderConnection;
  readonly job: Job<RunReport>;
  readonly changes: ChangeGroups;
  /** What the next run shall look at; a run that nobody woke looks at everything. */
  wakened: 'changes' | 'fullLoad' | undefined;
  wholeAt: number;
  failures: number;
  retryAt: number;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Keeps the card lists at HBS equal to ours, each list in one run at a time over all replicas: what changes goes at
 * once, everything is compared at intervals, and what failed is tried again after ever longer pauses.
 */
@Injectable()
export class PushAuthenticationDataJob implements OnModuleDestroy {
  readonly #lists: readonly List[];
  readonly #everyMs: number;
  #stopped = false;

  constructor(
    providers: Providers,
    keeper: CardIndexKeeper,
    private readonly run: ListRun,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(DATABASE) database: Database,
    @Inject(LOG) log: Log,
    @Inject(METER) meter: Meter,
  ) {
    this.#everyMs = config.PUSH_EVERY_SECONDS * 1_000;
    this.#lists = providers.uploading.map((connection) => {
      const list: List = {
        connection,
        job: new Job<RunReport>({
          name: `push-authentication-data ${connection.connectionId}`,
          everyMs: this.#everyMs, firstAfterMs: SOON_MS, database, log, meter,
          work: (signal) => this.#work(list, signal),
        }),
        changes: new ChangeGroups(), wakened: undefined, wholeAt: -Infinity, failures: 0, retryAt: 0, timer: undefined,
      };
      return list;
    });
    if (this.#everyMs > 0 && this.#lists.length > 0) keeper.follow((contractRef) => this.#changed(contractRef));
  }

  get last(): Readonly<Record<string, ListResult | null>> {
    return Object.fromEntries(this.#lists.map(({ connection, job }) => [connection.connectionId, job.last]));
  }

  /** Now, whatever the intervals say. A run under way is waited for: it knew nothing of it. */
  async pushNow(action: 'difference' | 'fullLoad', connectionId?: string): Promise<readonly ListResult[]> {
    const lists = this.#lists.filter((one) => [undefined, one.connection.connectionId].includes(connectionId));
    return Promise.all(lists.map(async (list) => {
      for (const patienceUntil = performance.now() + 10_000; ;) {
        if (list.job.running) await list.job.runNow();
        list.wakened = action === 'fullLoad' ? 'fullLoad' : undefined;
        list.wholeAt = -Infinity;
        const result = await list.job.runNow();
        if (result.outcome !== 'held-elsewhere' || performance.now() > patienceUntil) return result;
        await new Promise((resolve) => setTimeout(resolve, BUSY_ELSEWHERE_MS));
      }
    }));
  }

  async onModuleDestroy(): Promise<void> {
    this.#stopped = true;
    for (const { timer } of this.#lists) clearTimeout(timer);
    await Promise.all(this.#lists.map(({ job }) => job.stop()));
  }

  /** `undefined`: what changed was not heard. */
  #changed(contractRef: string | undefined): void {
    for (const list of this.#lists) {
      list.changes.add(contractRef);
      this.#wake(list, DEBOUNCE_MS);
    }
  }

  #wake(list: List, afterMs: number): void {
    if (this.#stopped || list.timer !== undefined) return;
    const pauseMs = Math.max(afterMs, list.retryAt - performance.now());
    list.timer = setTimeout(() => {
      list.timer = undefined;
      if (this.#stopped) return;
      if (list.job.running) return this.#wake(list, DEBOUNCE_MS);
      list.wakened = 'changes';
      void list.job.runNow().then(({ outcome }) => {
        if (outcome === 'held-elsewhere') this.#wake(list, BUSY_ELSEWHERE_MS);
      });
    }, pauseMs).unref();
  }

  async #work(list: List, signal: AbortSignal): Promise<RunReport> {
    const { wakened } = list;
    list.wakened = undefined;
    const { groups: changed, everything } = list.changes.take(this.config.PUSH_UNASKED_CONTRACTS);
    const whole = wakened !== 'changes' || everything || performance.now() - list.wholeAt > this.#everyMs;
    try {
      const report = await this.run.run(
        list.connection,
        { changed, look: whole ? 'at-everything' : 'at-changes', ...(wakened === 'fullLoad' ? { wish: 'asked' } : {}) },
        signal,
      );
      if (FINE.includes(report.outcome)) this.#wentWell(list, whole);
      else this.#failed(list);
      return report;
    } catch (error) {
      this.#failed(list);
      throw error;
    }
  }

  #wentWell(list: List, whole: boolean): void {
    if (whole) list.wholeAt = performance.now();
    list.failures = 0;
    list.retryAt = 0;
    // A pause after failures may be under way: what changed meanwhile need not wait for its end.
    clearTimeout(list.timer);
    list.timer = undefined;
    if (!list.changes.isEmpty) this.#wake(list, DEBOUNCE_MS);
  }

  /** Everything is compared then: the changes that were taken along are among it. */
  #failed(list: List): void {
    list.wholeAt = -Infinity;
    const pauseMs = Math.min(FIRST_RETRY_MS * 2 ** list.failures, LONGEST_RETRY_MS);
    list.failures += 1;
    list.retryAt = performance.now() + pauseMs;
    if (this.#everyMs > 0) this.#wake(list, pauseMs);
  }
}
