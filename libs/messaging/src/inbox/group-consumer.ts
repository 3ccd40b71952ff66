import type { Counter } from '@opentelemetry/api';
import { isDatabaseAway, type Database } from '@emp/database';
import { EmpError, messageOf } from '@emp/kernel';
import type { EmpEvent } from '@emp/events';
import { backOffMs, pause, type BackOff } from '../back-off.ts';
import type { Batch, Broker } from '../broker/broker.ts';
import { writeDeadLetter, type Verdict } from '../dead-letter/dead-letter.ts';
import type { Log } from '../log.ts';
import { COMPACTION_RESTS_MS } from '../broker/topics.ts';
import { arrivalsOf, type Arrivals } from './arrivals.ts';
import type { BatchContext } from './batch-context.ts';
import { forgetFailure, isGivenUp, recordDeadLetter, recordFailure } from './failure-table.ts';
import { findUnseen, takeUnseen, type Stream } from './inbox-table.ts';
import { isReadable, lettersFor, type Letter, type ReadableLetter } from './letter.ts';
import { Progress } from './progress.ts';
import { noteArrivals } from './sequence-table.ts';
import type { Slots } from './slots.ts';

export interface GroupConsumerParts {
  readonly group: string;
  readonly handler: (events: readonly EmpEvent[], ctx: BatchContext) => Promise<void>;
  readonly broker: Broker;
  readonly database: Database;
  readonly log: Log;
  readonly events: Counter;
  /** Transactions at once, over all groups of the service. */
  readonly slots: Slots;
  readonly isKnownType: (type: string) => boolean;
  /** Attempts at an event before it is given up. */
  readonly maxAttempts: number;
  readonly retry: BackOff;
  /** Aborts when the consumer is to end: what cannot be finished now is left for the next delivery. */
  readonly stopping: AbortSignal;
  /** Whether a topic keeps only the latest event per key: there, old numbers may be missing. */
  readonly keepsLatest?: (topic: string) => boolean;
  /** Called when numbers turn out to be missing. */
  readonly onGap?: () => void;
}

/** What a batch brought, to be noted with it. */
interface Brought {
  readonly arrivals: readonly Arrivals[];
  readonly compactedBefore: Date | null;
}

/** Processes that may die over an event before it is given up. */
const MAX_DEATHS = 3;
/** Clocks may differ. */
const SURELY_WHOLE_MS = COMPACTION_RESTS_MS - 3_600_000;

/**
 * Turns at-least-once delivery into once: a batch and its inbox rows are one transaction. What fails together is tried
 * one by one, until the letters that fail by themselves are found; they are retried while that may help, then become
 * dead letters, and the rest goes on.
 */
export class GroupConsumer {
  readonly #parts: GroupConsumerParts;
  readonly #progress: Progress;

  constructor(parts: GroupConsumerParts) {
    this.#parts = parts;
    this.#progress = new Progress(parts.database);
  }

  /** Resolves when the group is done with every event of the batch; rejects if the batch must come again. */
  async consume(batch: Batch): Promise<void> {
    const stream: Stream = { group: this.#parts.group, topic: batch.topic, partition: batch.partition };
    const letters = lettersFor(stream.group, batch);
    const brought = this.#brought(stream, batch);
    if (letters.length > 0 && letters.every(isReadable) && (await this.#together(stream, letters, brought))) return;
    this.#tellOf(await noteArrivals(this.#parts.database, stream, brought.arrivals, brought.compactedBefore));
    await this.#oneByOne(stream, letters, AbortSignal.any([this.#parts.stopping, batch.revoked]));
  }

  #brought(stream: Stream, batch: Batch): Brought {
    const compactedBefore = this.#parts.keepsLatest?.(stream.topic) === true ? new Date(Date.now() - SURELY_WHOLE_MS) : null;
    return { arrivals: arrivalsOf(stream.group, batch, compactedBefore), compactedBefore };
  }

  #tellOf(state: 'gap' | 'complete'): void {
    if (state === 'gap') this.#parts.onGap?.();
  }

  /** The usual way: one transaction for all. Whether it went well. */
  async #together(stream: Stream, letters: readonly ReadableLetter[], brought: Brought): Promise<boolean> {
    const position = letters[0]?.delivered.position ?? '';
    if ((await this.#progress.beginBatch(stream, position)) === 'died-before') return false;
    try {
      await this.#transaction(stream, letters, brought);
      return true;
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      this.#parts.log.warn({ ...stream, events: letters.length, reason: messageOf(error), err: error }, 'batch failed, trying one by one');
      await this.#progress.settle(this.#parts.database, stream);
      return false;
    }
  }

  async #oneByOne(stream: Stream, letters: readonly Letter[], stopping: AbortSignal): Promise<void> {
    const readable = letters.filter(isReadable);
    const unseen = new Set<Letter>(await findUnseen(this.#parts.database, stream, readable));
    this.#count(stream, 'repeated', readable.length - unseen.size);
    for (const letter of letters) {
      if (isReadable(letter)) {
        if (unseen.has(letter)) await this.#one(stream, letter, stopping);
      } else if (!(await isGivenUp(this.#parts.database, stream, letter))) {
        await this.#giveUp(stream, letter, { reason: 'event-unreadable', message: letter.unreadable, attempts: 1 });
      }
    }
  }

  async #one(stream: Stream, letter: ReadableLetter, stopping: AbortSignal): Promise<void> {
    for (;;) {
      stopping.throwIfAborted();
      const deaths = await this.#progress.beginOne(stream, letter.delivered.position);
      if (deaths >= MAX_DEATHS) {
        const message = `the process died ${deaths} times while handling it`;
        return this.#giveUp(stream, letter, { reason: 'process-killed', message, attempts: deaths });
      }
      try {
        return await this.#transaction(stream, [letter]);
      } catch (error) {
        if (isDatabaseAway(error)) throw error;
        const attempts = await this.#noteFailure(stream, letter, error);
        if (isUseless(error) || attempts >= this.#parts.maxAttempts) {
          return this.#giveUp(stream, letter, { reason: slugOf(error), message: messageOf(error), attempts });
        }
        await pause(backOffMs(this.#parts.retry, attempts), stopping);
      }
    }
  }

  /** The letters that are new to the group, their inbox rows and whatever the handler does: all of it or nothing. */
  async #transaction(stream: Stream, letters: readonly ReadableLetter[], { arrivals, compactedBefore }: Brought = NOTHING): Promise<void> {
    const { database, handler, isKnownType, slots } = this.#parts;
    const counts = await slots.run(() => database.transaction(async (tx) => {
      const fresh = await takeUnseen(tx, stream, letters);
      const state = await noteArrivals(tx, stream, arrivals, compactedBefore);
      tx.afterCommit(() => this.#tellOf(state));
      const events = fresh.map(({ event }) => event).filter(({ type }) => isKnownType(type));
      if (events.length > 0) await handler(events, { ...stream, tx, afterCommit: (run) => tx.afterCommit(run) });
      if (letters.length === 1 && letters[0]) await forgetFailure(tx, stream, letters[0]);
      return { handled: events.length, repeated: letters.length - fresh.length, ignored: fresh.length - events.length };
    }));
    for (const [outcome, count] of Object.entries(counts)) this.#count(stream, outcome, count);
  }

  async #noteFailure(stream: Stream, letter: ReadableLetter, error: unknown): Promise<number> {
    const attempts = await this.#parts.database.transaction(async (tx) => {
      await this.#progress.settle(tx, stream);
      return recordFailure(tx, stream, letter, messageOf(error));
    });
    this.#count(stream, 'failed', 1);
    this.#parts.log.warn({ ...this.#about(stream, letter), attempts, reason: messageOf(error), err: error }, 'event failed');
    return attempts;
  }

  /** First the letter, then the note: a crash in between writes it twice, never not at all. */
  async #giveUp(stream: Stream, letter: Letter, verdict: Verdict): Promise<void> {
    await this.#parts.broker.publish([writeDeadLetter(stream.group, letter.delivered, verdict, new Date())]);
    await this.#parts.database.transaction(async (tx) => {
      await recordDeadLetter(tx, stream, letter, verdict);
      await this.#progress.settle(tx, stream);
    });
    this.#count(stream, 'dead-lettered', 1);
    this.#parts.log.error({ ...this.#about(stream, letter), ...verdict }, 'event dead-lettered');
  }

  #count({ group }: Stream, outcome: string, count: number): void {
    if (count > 0) this.#parts.events.add(count, { group, outcome });
  }

  #about(stream: Stream, letter: Letter): Readonly<Record<string, unknown>> {
    const event = isReadable(letter) ? { eventId: letter.event.id, eventType: letter.event.type } : {};
    return { ...stream, position: letter.delivered.position, ...event };
  }
}

const NOTHING: Brought = { arrivals: [], compactedBefore: null };

const isUseless = (error: unknown): boolean => error instanceof EmpError && error.retry === 'useless';

const slugOf = (error: unknown): string => (error instanceof EmpError ? error.slug : error instanceof Error ? error.name : 'error');
