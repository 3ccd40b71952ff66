import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { Job, type JobResult, type Log } from '@emp/service-kit';
import type { Meter } from '@opentelemetry/api';
import { dayOf, daysBefore, proofDay, type ProofDay } from '../domain/proof-day.ts';
import { changesSince, narrowed, type ChangesSince, type DayProof, type ProofFilter } from '../domain/proof-of-day.ts';
import { forgetOld } from './forget-old.ts';
import { keepSnapshot, readSnapshot } from './proof-store.ts';
import { takeProof } from './take-proof.ts';

export interface ProofPolicy {
  /** IANA zone whose days are proven and kept. */
  readonly zone: string;
  /** So many days after its end a day's proof is closed. */
  readonly closeAfterDays: number;
  /** 0 = never by itself. */
  readonly everySeconds: number;
  /** How long sessions, receipts and charges are known here. */
  readonly retentionDays: number;
  readonly asksUs: (providerId: string) => boolean;
}

export interface ShownProof extends Omit<ProofDay, 'from' | 'to'> {
  readonly from: string;
  readonly to: string;
  /** Of the figures shown. */
  readonly takenAt: string;
  readonly providerId: string | null;
  readonly operatorId: string | null;
  readonly proof: DayProof;
  /** The proof as it was when the day was closed, and what changed since; `null` = the day is open. */
  readonly closed: ({ readonly at: string; readonly totals: DayProof['totals'] } & ChangesSince) | null;
}

/** A day that was not proven while the service was away is made up for within so many days after its closing. */
const CATCH_UP_DAYS = 14;
const DAY_MS = 86_400_000;

/** Takes proofs: of any day on request, of the last days by itself, until they are closed. */
export class ProofDesk {
  readonly #job: Job;

  constructor(
    private readonly parts: { readonly database: Database; readonly clock: Clock; readonly log: Log; readonly meter: Meter },
    private readonly policy: ProofPolicy,
  ) {
    const { database, log, meter } = parts;
    this.#job = new Job({
      name: 'cdr-ingest.prove-days', everyMs: policy.everySeconds * 1000, firstAfterMs: Math.min(policy.everySeconds * 1000, 20_000),
      database, log, meter, work: (signal) => this.#proveOpenDays(signal),
    });
  }

  get zone(): string {
    return this.policy.zone;
  }

  /** The proof of a day; of one before the retention, as it was closed. `undefined`: nothing is known of it any more. */
  async show(day: ProofDay, filter: ProofFilter): Promise<ShownProof | undefined> {
    const { database, clock } = this.parts;
    const snapshot = await readSnapshot(database, day.day, day.zone);
    const now = clock.now();
    const known = day.from.getTime() >= now.getTime() - this.policy.retentionDays * DAY_MS;
    if (!known && !snapshot) return undefined;
    const kept = snapshot && narrowed(snapshot.proof, filter);
    const proof = known || !kept ? await takeProof(database, day, { asksUs: this.policy.asksUs, filter }) : kept;
    const closedAt = snapshot?.closedAt;
    return {
      day: day.day, zone: day.zone, from: day.from.toISOString(), to: day.to.toISOString(),
      takenAt: (known || !snapshot ? now : snapshot.takenAt).toISOString(),
      providerId: filter.providerId ?? null, operatorId: filter.operatorId ?? null, proof,
      closed: kept && closedAt ? { at: closedAt.toISOString(), totals: kept.totals, ...changesSince(kept, proof) } : null,
    };
  }

  /** Proves every day that is over and not closed, now. */
  proveNow(): Promise<JobResult> {
    return this.#job.runNow();
  }

  stop(): Promise<void> {
    return this.#job.stop();
  }

  async #proveOpenDays(signal: AbortSignal): Promise<readonly string[]> {
    const { database, clock, log } = this.parts;
    const { zone, closeAfterDays, asksUs } = this.policy;
    const now = clock.now();
    const proven: string[] = [];
    for (let back = closeAfterDays + CATCH_UP_DAYS; back > 0 && !signal.aborted; back -= 1) {
      const day = proofDay(daysBefore(dayOf(now, zone), back), zone);
      if (!day || (await readSnapshot(database, day.day, zone))?.closedAt) continue;
      const proof = await takeProof(database, day, { asksUs });
      const closedAt = now.getTime() >= day.to.getTime() + closeAfterDays * DAY_MS ? now : null;
      await keepSnapshot(database, { day: day.day, zone, takenAt: now, closedAt, proof });
      proven.push(day.day);
      const { sessions, accepted, billed } = proof.totals;
      log.info({ day: day.day, sessions, accepted, billed, reasons: proof.reasons, closed: closedAt !== null }, 'day proven');
    }
    await forgetOld(database, new Date(now.getTime() - this.policy.retentionDays * DAY_MS), signal);
    return proven;
  }
}
