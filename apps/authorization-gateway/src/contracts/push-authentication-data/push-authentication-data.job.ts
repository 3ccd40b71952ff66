import type { Database } from '@emp/database';
import type { HbsClient } from '@emp/hbs-client';
import { newId, type Clock } from '@emp/kernel';
import { CLOCK, DATABASE, Job, LOG, METER, type JobResult, type Log } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { GatewayConfig } from '../../config.ts';
import { planPush, type PushPlan } from '../../domain/push-plan.ts';
import { Providers } from '../../providers.ts';
import { CONFIG, HBS } from '../../tokens.ts';
import { readCardSet } from './card-set.store.ts';
import { lastPush, recordOutcome, recordPush, type PushOutcome } from './push.store.ts';

/** What a run did for one provider. */
export interface PushReport {
  readonly providerId: string;
  /** `accepted`, why HBS did not, or why nothing was sent. */
  readonly outcome: string;
  readonly records: number;
  readonly statusCode: string | null;
  readonly processId: string | null;
}

type Pushes = JobResult<readonly PushReport[]>;

const SOON_MS = 500;

/**
 * Keeps the card lists of offline providers at HBS equal to ours: a full load at start, when the set has changed, and
 * when somebody asks. One run over all replicas, one push after the other (OICP §2.9).
 */
@Injectable()
export class PushAuthenticationDataJob implements OnModuleDestroy {
  readonly #demanded = new Map<string, 'start' | 'asked'>();
  readonly #job: Job<readonly PushReport[]>;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(HBS) private readonly hbs: HbsClient,
    private readonly vault: Vault,
    private readonly providers: Providers,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) meter: Meter,
  ) {
    this.#demand('start');
    this.#job = new Job({
      name: 'push-authentication-data',
      everyMs: config.PUSH_EVERY_SECONDS * 1_000,
      firstAfterMs: SOON_MS,
      database,
      log,
      meter,
      work: (signal) => this.#pushAll(signal),
    });
  }

  get last(): Pushes | null {
    return this.#job.last;
  }

  /** A full load for every offline provider, changed or not. A run under way is waited for: it knew nothing of it. */
  async pushNow(): Promise<Pushes> {
    if (this.#job.running) await this.#job.runNow();
    this.#demand('asked');
    return this.#job.runNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#job.stop();
  }

  #demand(reason: 'start' | 'asked'): void {
    for (const { providerId } of this.providers.offline) this.#demanded.set(providerId, reason);
  }

  async #pushAll(signal: AbortSignal): Promise<readonly PushReport[]> {
    const reports: PushReport[] = [];
    for (const { providerId } of this.providers.offline) {
      if (!signal.aborted) reports.push(await this.#pushOne(providerId));
    }
    return reports;
  }

  async #pushOne(providerId: string): Promise<PushReport> {
    const cards = await readCardSet(this.database, providerId, this.clock.now());
    const records = cards.sealedUids.length;
    const plan = planPush({
      current: { setHash: cards.setHash, records },
      last: await lastPush(this.database, providerId, 'any'),
      lastAccepted: await lastPush(this.database, providerId, 'accepted'),
      demanded: this.#demanded.get(providerId),
      emptyFullLoad: 'forbidden',
    });
    if (!plan.push) return this.#notPushed(providerId, plan, records);
    const id = newId();
    await recordPush(this.database, {
      id,
      providerId,
      action: 'fullLoad',
      reason: plan.reason,
      records,
      setHash: cards.setHash,
      startedAt: this.clock.now(),
    });
    const outcome = await this.#send(providerId, cards.sealedUids);
    await recordOutcome(this.database, id, outcome);
    if (outcome.outcome === 'accepted') this.#demanded.delete(providerId);
    const { statusCode, processId, detail } = outcome;
    const report = { providerId, outcome: outcome.outcome, records, statusCode, processId };
    const level = outcome.outcome === 'accepted' ? 'info' : 'error';
    this.log[level]({ ...report, reason: plan.reason, detail }, 'card list pushed');
    return report;
  }

  #notPushed(providerId: string, { because }: PushPlan & { readonly push: false }, records: number): PushReport {
    if (because !== 'unchanged') this.#demanded.delete(providerId);
    if (because === 'empty-forbidden') {
      this.log.error({ providerId }, 'empty card list not pushed: PUSH_EMPTY_FULL_LOAD forbids it');
    }
    return { providerId, outcome: because, records, statusCode: null, processId: null };
  }

  async #send(providerId: string, sealedUids: readonly string[]): Promise<PushOutcome> {
    const result = await this.hbs.pushAuthenticationData({
      ActionType: 'fullLoad',
      ProviderAuthenticationData: {
        ProviderID: providerId,
        AuthenticationDataRecord: sealedUids.map((sealed) => ({
          Identification: { RFIDMifareFamilyIdentification: { UID: this.vault.open(sealed) } },
        })),
      },
    });
    const common = { processId: result.processId, httpStatus: result.httpStatus ?? null, endedAt: this.clock.now() };
    return result.ok
      ? { ...common, outcome: 'accepted', statusCode: result.message.StatusCode.Code, detail: null }
      : {
          ...common,
          outcome: result.reason,
          statusCode: result.statusCode?.Code ?? null,
          detail: result.detail.slice(0, 1_000),
        };
  }
}
