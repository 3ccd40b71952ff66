import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { CLOCK, DATABASE, LOG, type Log } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../../config.ts';
import { loadWhatIsTaken, sendInHalves } from '../../domain/push-outcome.ts';
import { planPush, type FullLoadReason, type PushPlan } from '../../domain/push-plan.ts';
import { fullLoadDue } from '../../domain/push-schedule.ts';
import type { ProviderConnection } from '../../providers.ts';
import { CONFIG } from '../../tokens.ts';
import { namesOfHeld } from './held.store.ts';
import { nameOf, type DifferenceAction, type ListRecord } from './list-record.ts';
import { countDifferences, readDifferences, readWholeList, type ListScope } from './list.store.ts';
import { mustRepair, readListState, type PushAction } from './push.store.ts';
import { PushSender, type PushReport } from './push-sender.ts';
import { ask, readAsked, settle } from './question.store.ts';
import { forgetOutdated, keepOut, letIn } from './refusal.store.ts';

/** What is to be looked at, and who wants a full load whatever differs. */
export interface RunOrder {
  /** Contracts that changed, in groups: looked at first, each group by itself. */
  readonly changed: readonly (readonly string[])[];
  readonly look: 'at-changes' | 'at-everything';
  readonly wish?: 'asked';
}

export interface RunReport {
  readonly providerId: string;
  /** `accepted`, `unchanged`, `nothing-to-push`, `waiting` or `rejected` (a person), or how the last push failed. */
  readonly outcome: string;
  /** Records that wait for a person's word. */
  readonly waiting: number;
  readonly pushes: readonly PushReport[];
  readonly refusedRecords: number;
}

/** A full load that leaves something out, and the differences after it, are one more round each. */
const MOST_ROUNDS = 4;
const DIFFERENCES_AT_ONCE = 20_000;

const WITHOUT_DELETIONS: readonly DifferenceAction[] = ['update', 'insert'];
const WITH_DELETIONS: readonly DifferenceAction[] = ['delete', ...WITHOUT_DELETIONS];

type Ended = Awaited<ReturnType<typeof sendInHalves>>['ended'];

/** One run over one connection's list, under its lock: plan, push, note what HBS said, until nothing is left to do. */
@Injectable()
export class ListRun {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly sender: PushSender,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async run(connection: ProviderConnection, order: RunOrder, signal: AbortSignal): Promise<RunReport> {
    const run: Run = { connection, signal, pushes: [], refusedRecords: 0, waiting: 0 };
    if (order.wish === 'asked') await letIn(this.database, connection.connectionId);
    let outcome = 'unchanged';
    for (const group of order.changed) {
      if (outcome !== 'not-accepted') outcome = await this.#rounds(run, group, undefined);
    }
    if (order.look === 'at-everything' && outcome !== 'not-accepted') {
      outcome = await this.#rounds(run, null, order.wish);
    }
    const { pushes, refusedRecords, waiting } = run;
    return { providerId: connection.connectionId, outcome, waiting, pushes, refusedRecords };
  }

  /** Until nothing is left to do, or HBS does not take it. */
  async #rounds(run: Run, contractRefs: readonly string[] | null, wish: 'asked' | undefined): Promise<string> {
    let outcome = run.pushes.length > 0 ? 'accepted' : 'unchanged';
    for (let round = 1; round <= MOST_ROUNDS && !run.signal.aborted; round += 1) {
      const { plan, ended } = await this.#round(run, contractRefs, round === 1 ? wish : undefined);
      if (plan.do === 'nothing') return run.pushes.length > 0 && plan.because !== 'waiting' ? outcome : plan.because;
      outcome = ended;
      // What HBS holds is not sure: a full load follows. One that did not get through is tried again later.
      const repairs = plan.do === 'differences' && (ended === 'conflict' || ended === 'unknown');
      if (ended !== 'accepted' && !repairs) return outcome;
    }
    return outcome;
  }

  async #round(
    run: Run, contractRefs: readonly string[] | null, wish: 'asked' | undefined,
  ): Promise<{ readonly plan: PushPlan; readonly ended: Ended }> {
    const { connection } = run;
    const providerId = connection.connectionId;
    const now = this.clock.now();
    const state = await readListState(this.database, providerId, now);
    await forgetOutdated(this.database, providerId);
    const { PUSH_FULL_LOAD: every, PUSH_FULL_LOAD_HOUR: hour } = this.config;
    const due = fullLoadDue({ every, hour }, state.fullLoadedAt?.getTime() ?? null, now.getTime());
    const wished = wish ?? (due ? 'scheduled' : undefined);
    const whole = contractRefs === null || state.repair !== null || wished !== undefined;
    const scope = { connection, now, contractRefs: whole ? null : contractRefs };
    const plan = planPush({
      state,
      differences: await countDifferences(this.database, scope),
      wish: wished,
      asked: await readAsked(this.database, providerId),
      caution: { shrinkShare: this.config.PUSH_SHRINK_SHARE, unaskedContracts: this.config.PUSH_UNASKED_CONTRACTS },
    });
    // What a person is asked about is the whole list.
    if (!whole && 'ask' in plan) return this.#round(run, null, wish);
    const loads = state.repair !== null || wished !== undefined;
    const asks = loads ? 'fullLoad' : 'delete';
    return { plan, ended: await this.#carryOut(run, plan, { scope, whole, held: state.held, asks }) };
  }

  async #carryOut(
    run: Run,
    plan: PushPlan,
    on: {
      readonly scope: ListScope;
      readonly whole: boolean;
      readonly held: number;
      readonly asks: 'fullLoad' | 'delete';
    },
  ): Promise<Ended> {
    const { connectionId: providerId } = run.connection;
    run.waiting = 'ask' in plan ? (plan.ask ?? 0) : 0;
    if (run.waiting > 0) await this.#ask(providerId, on.asks, { held: on.held, takesAway: run.waiting });
    if (plan.do === 'nothing') {
      const settled = plan.because === 'unchanged' || plan.because === 'nothing-to-push';
      if (settled && on.whole) await settle(this.database, providerId, this.clock.now());
      return 'accepted';
    }
    if (plan.do === 'full-load') return this.#fullLoad(run, on.scope, plan.reason);
    for (const action of plan.deletes === 'go' ? WITH_DELETIONS : WITHOUT_DELETIONS) {
      const ended = await this.#differences(run, on.scope, action);
      if (ended !== 'accepted') return ended;
      if (action === 'delete' && on.whole) await settle(this.database, providerId, this.clock.now());
    }
    return 'accepted';
  }

  async #fullLoad(run: Run, scope: ListScope, reason: FullLoadReason): Promise<Ended> {
    const { connectionId: providerId } = run.connection;
    const records = await this.#fit(run, await readWholeList(this.database, scope));
    const before = async (): Promise<readonly ListRecord[]> => {
      const held = await namesOfHeld(this.database, providerId);
      return records.filter((record) => held.get(nameOf(record)) === record.content);
    };
    const send = (part: readonly ListRecord[]): Promise<PushReport['outcome']> =>
      this.#send(run, 'fullLoad', reason, part);
    const { ended, refused } = await loadWhatIsTaken(records, before, send);
    await this.#keepOut(run, refused);
    if (ended === 'accepted') await settle(this.database, providerId, this.clock.now());
    return ended;
  }

  async #differences(run: Run, scope: ListScope, action: DifferenceAction): Promise<Ended> {
    for (let after: readonly [string, string, string] | undefined = ['', '', '']; after !== undefined;) {
      const found = await readDifferences(this.database, scope, { action, after, limit: DIFFERENCES_AT_ONCE });
      const records = await this.#fit(run, found, action);
      for (let from = 0; from < records.length; from += this.config.PUSH_BATCH) {
        if (run.signal.aborted) return 'not-accepted';
        const batch = records.slice(from, from + this.config.PUSH_BATCH);
        const { ended, refused } = await sendInHalves(batch, (part) => this.#send(run, action, 'changed', part));
        await this.#keepOut(run, refused, action);
        if (ended !== 'accepted') return ended;
      }
      const last = found.length < DIFFERENCES_AT_ONCE ? undefined : found.at(-1);
      after = last && [last.action, last.kind, last.subjectRef];
    }
    return 'accepted';
  }

  /** Leaves out what HBS cannot be told. What cannot be named cannot be deleted: a full load without it does that. */
  async #fit(run: Run, records: readonly ListRecord[], action?: DifferenceAction): Promise<readonly ListRecord[]> {
    const { fit, unfit } = this.sender.fitness(records, run.connection);
    if (unfit.length === 0) return records;
    const providerId = run.connection.connectionId;
    if (action === 'delete') await mustRepair(this.database, providerId, 'record-gone');
    else await this.#note(run, unfit.map((one) => ({ ...one, statusCode: null, pushId: '' })));
    return fit;
  }

  async #send(
    run: Run, action: PushAction, reason: string, records: readonly ListRecord[],
  ): Promise<PushReport['outcome']> {
    const report = await this.sender.send(run.connection, { action, reason, records });
    run.pushes.push(report);
    return report.outcome;
  }

  /** Records that HBS refused by themselves, with the words of the push that was about each alone. */
  async #keepOut(run: Run, refused: readonly ListRecord[], action?: DifferenceAction): Promise<void> {
    if (refused.length === 0) return;
    if (action === 'delete') return mustRepair(this.database, run.connection.connectionId, 'beliefs-differ');
    const alone = run.pushes.filter(({ outcome, records }) => outcome === 'record-refused' && records === 1);
    await this.#note(run, refused.map((record, index) => {
      const { statusCode = null, detail, id = '' } = alone[alone.length - refused.length + index] ?? {};
      return { record, statusCode, reason: detail ?? 'refused', pushId: id };
    }));
  }

  async #note(run: Run, refused: Parameters<typeof keepOut>[2]): Promise<void> {
    const { connectionId: providerId } = run.connection;
    run.refusedRecords += refused.length;
    await keepOut(this.database, providerId, refused, this.clock.now());
    for (const { record, statusCode, reason } of refused.slice(0, 20)) {
      const { kind, subjectRef } = record;
      this.log.warn({ providerId, kind, subjectRef, statusCode, reason }, 'record left out of card list');
    }
  }

  async #ask(
    providerId: string, action: 'fullLoad' | 'delete',
    { held, takesAway }: { readonly held: number; readonly takesAway: number },
  ): Promise<void> {
    const records = Math.max(0, held - takesAway);
    if (await ask(this.database, { providerId, action, reason: 'shrinks', records, takesAway }, this.clock.now())) {
      this.log.error({ providerId, records, takesAway }, 'card list waits for confirmation');
    }
  }
}

interface Run {
  readonly connection: ProviderConnection;
  readonly signal: AbortSignal;
  readonly pushes: PushReport[];
  refusedRecords: number;
  waiting: number;
}
