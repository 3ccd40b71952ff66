import type { Counter } from '@opentelemetry/api';
import { isDatabaseAway, type Database } from '@emp/database';
import { EmpError, messageOf } from '@emp/kernel';
import type { EmpEvent } from '@emp/events';
import { backOffMs, pause, type BackOff } from '../back-off.ts';
import type { Batch, Broker } from '../broker/broker.ts';
import { writeDeadLetter, type Verdict } from '../dead-letter/dead-letter.ts';
import type { Log } from '../log.ts';
import { COMPACTION_RESTS_MS } from '../broker/topics.ts';
import { arrivalsOf } from './arrivals.ts';
import type { BatchContext } from './batch-context.ts';
import { forgetFailure, isGivenUp, recordDeadLetter, recordFailure } from './failure-table.ts';
import { findUnseen, takeUnseen, type Arrived, type Stream } from './inbox-table.ts';
import { isReadable, lettersFor, type Letter, type ReadableLetter } from './letter.ts';
import { Progress } from './progress.ts';
import { noteArrivals, type Brought } from './sequence-table.ts';
import type { Slots } from './slots.ts';
import { Together } from '../together.ts';

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

/** A batch whose events can all be read. */
interface ReadableBatch {
  readonly stream: Stream;
  /** Of its first event. */
  readonly position: string;
  readonly letters: readonly ReadableLetter[];
  readonly brought: Brought;
}

/** Processes that may die over an event before it is given up. */
const MAX_DEATHS = 3;
/** Clocks may differ. */
const SURELY_WHOLE_MS = COMPACTION_RESTS_MS - 3_600_000;

/** Events of one transaction, however many batches of different partitions they come in. */
const MOST_TOGETHER = 500;

/**
 * Turns at-least-once delivery into once: batches and their inbox rows are one transaction. What fails together is tried
 * batch by batch, then one by one, until the letters that fail by themselves are found; they are retried while that may
 * help, then become dead letters, and the rest goes on.
 */
export class GroupConsumer {
  readonly #parts: GroupConsumerParts;
  readonly #progress: Progress;
  readonly #together = new Together<ReadableBatch, 'handled' | 'to be tried one by one'>({
    work: (batches) => this.#handleTogether(batches), sizeOf: ({ letters }) => letters.length, most: MOST_TOGETHER,
  });

  constructor(parts: GroupConsumerParts) {
    this.#parts = parts;
    this.#progress = new Progress(parts.database);
  }

  /** Resolves when the group is done with every event of the batch; rejects if the batch must come again. */
  async consume(batch: Batch): Promise<void> {
    const stream: Stream = { group: this.#parts.group, topic: batch.topic, partition: batch.partition };
    const letters = lettersFor(stream.group, batch);
    const brought = this.#brought(stream, batch);
    if (letters.length > 0 && letters.every(isReadable)) {
      const position = letters[0]?.delivered.position ?? '';
      if ((await this.#together.add({ stream, position, letters, brought })) === 'handled') return;
    }
    this.#tellOf(await noteArrivals(this.#parts.database, [brought]));
    await this.#oneByOne(stream, letters, AbortSignal.any([this.#parts.stopping, batch.revoked]));
  }

  #brought(stream: Stream, batch: Batch): Brought {
    const compactedBefore = this.#parts.keepsLatest?.(stream.topic) === true ? new Date(Date.now() - SURELY_WHOLE_MS) : null;
    return { stream, arrivals: arrivalsOf(stream.group, batch, compactedBefore), compactedBefore };
  }

  #tellOf(state: 'gap' | 'complete'): void {
    if (state === 'gap') this.#parts.onGap?.();
  }

  /** The usual way: one transaction for all; if it fails, one for each batch. */
  async #handleTogether(batches: readonly ReadableBatch[]): Promise<readonly ('handled' | 'to be tried one by one')[]> {
    const begun = await this.#progress.beginBatches(batches);
    const handled = new Set(await this.#handleAll(begun));
    for (const batch of begun.length > 1 && handled.size === 0 ? begun : []) {
      for (const one of await this.#handleAll(await this.#progress.beginBatches([batch]))) handled.add(one);
    }
    return batches.map((batch) => (handled.has(batch) ? 'handled' : 'to be tried one by one'));
  }

  /** All of them in one transaction, or none. */
  async #handleAll(batches: readonly ReadableBatch[]): Promise<readonly ReadableBatch[]> {
    const { database, group, log } = this.#parts;
    const arrived = batches.flatMap(({ stream, letters }) => letters.map((letter) => ({ stream, letter })));
    if (arrived.length === 0) return [];
    try {
      await this.#transaction(arrived, batches.map(({ brought }) => brought));
      return batches;
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      const next = batches.length > 1 ? 'trying batch by batch' : 'trying one by one';
      log.warn({ group, events: arrived.length, reason: messageOf(error), err: error }, `batch failed, ${next}`);
      for (const { stream } of batches) await this.#progress.settle(database, stream);
      return [];
    }
  }

  async #oneByOne(stream: Stream, letters: readonly Letter[], stopping: AbortSignal): Promise<void> {
    const readable = letters.filter(isReadable);
    const unseen = new Set<Letter>(await findUnseen(this.#parts.database, stream, readable));
    this.#count('repeated', readable.length - unseen.size);
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
        return await this.#transaction([{ stream, letter }]);
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
  async #transaction(arrived: readonly Arrived[], brought: readonly Brought[] = []): Promise<void> {
    const { group, database, handler, isKnownType, slots } = this.#parts;
    const counts = await slots.run(() => database.transaction(async (tx) => {
      const fresh = await takeUnseen(tx, arrived);
      const state = await noteArrivals(tx, brought);
      tx.afterCommit(() => this.#tellOf(state));
      const events = fresh.map(({ event }) => event).filter(({ type }) => isKnownType(type));
      if (events.length > 0) await handler(events, { group, tx, afterCommit: (run) => tx.afterCommit(run) });
      const [only, ...others] = arrived;
      if (only && others.length === 0) await forgetFailure(tx, only.stream, only.letter);
      return { handled: events.length, repeated: arrived.length - fresh.length, ignored: fresh.length - events.length };
    }));
    for (const [outcome, count] of Object.entries(counts)) this.#count(outcome, count);
  }

  async #noteFailure(stream: Stream, letter: ReadableLetter, error: unknown): Promise<number> {
    const attempts = await this.#parts.database.transaction(async (tx) => {
      await this.#progress.settle(tx, stream);
      return recordFailure(tx, stream, letter, messageOf(error));
    });
    this.#count('failed', 1);
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
    this.#count('dead-lettered', 1);
    this.#parts.log.error({ ...this.#about(stream, letter), ...verdict }, 'event dead-lettered');
  }

  #count(outcome: string, count: number): void {
    if (count > 0) this.#parts.events.add(count, { group: this.#parts.group, outcome });
  }

  #about(stream: Stream, letter: Letter): Readonly<Record<string, unknown>> {
    const event = isReadable(letter) ? { eventId: letter.event.id, eventType: letter.event.type } : {};
    return { ...stream, position: letter.delivered.position, ...event };
  }
}

const isUseless = (error: unknown): boolean => error instanceof EmpError && error.retry === 'useless';

const slugOf = (error: unknown): string => (error instanceof EmpError ? error.slug : error instanceof Error ? error.name : 'error');
