import type { Meter } from '@opentelemetry/api';
import type { Database } from '@emp/database';
import { newEvent, RepeatRequestedV1 } from '@emp/events';
import { messageOf } from '@emp/kernel';
import type { Log } from '../log.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { openGaps, takeGapsToAskFor, type Gap } from './sequence-table.ts';

export interface GapWatchParts {
  readonly groups: readonly string[];
  readonly database: Database;
  /** Where requests are left; without it gaps are only told of. */
  readonly outbox: Outbox | undefined;
  readonly log: Log;
  readonly meter: Meter;
  /** How long a request may take before it is made again. */
  readonly askAgainMs: number;
}

/**
 * Sees to it that numbers which never came are told of (`inbox_gaps{group, topic, source}`, log) and asked for: the source
 * repeats them from its outbox. What a request brings closes the gap; a request that was lost itself is made again.
 */
export class GapWatch {
  readonly #parts: GapWatchParts;
  #open = new Set<string>();
  #looking: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #forget: () => void = () => undefined;

  constructor(parts: GapWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    const { meter, database, groups, log, askAgainMs } = this.#parts;
    const gauge = meter.createObservableGauge('inbox_gaps', { description: 'numbered events that never came' });
    const observe: Parameters<Meter['addBatchObservableCallback']>[0] = async (result) => {
      try {
        for (const { group, topic, source, partition, count } of await openGaps(database, groups)) result.observe(gauge, count, { group, topic, source, partition });
      } catch (error) {
        log.warn({ reason: messageOf(error) }, 'gaps not measured');
      }
    };
    meter.addBatchObservableCallback(observe, [gauge]);
    this.#forget = () => meter.removeBatchObservableCallback(observe, [gauge]);
    this.#timer = setInterval(() => this.look(), askAgainMs).unref();
  }

  /** A gap may have opened. */
  look(): void {
    this.#again = true;
    this.#looking ??= this.#lookWhileAsked().finally(() => { this.#looking = undefined; });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#again = false;
    await this.#looking;
    this.#forget();
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#ask().catch((error: unknown) => this.#parts.log.warn({ reason: messageOf(error) }, 'missing events not asked for'));
    }
  }

  async #ask(): Promise<void> {
    const { database, groups, outbox, log, askAgainMs } = this.#parts;
    const time = new Date();
    const asked = await database.transaction(async (tx) => {
      const gaps = await takeGapsToAskFor(tx, groups, askAgainMs);
      await outbox?.append(tx, ...gaps.map(({ count: _, ...request }) => newEvent(RepeatRequestedV1, request, { time })));
      return gaps;
    });
    for (const gap of asked) {
      log.error({ ...placeOf(gap), from: gap.ranges[0]?.from, to: gap.ranges.at(-1)?.to, missing: gap.count }, 'events missing, repeat requested');
    }
    const open = new Set((await openGaps(database, groups)).map(nameOf));
    for (const name of this.#open) if (!open.has(name)) log.info(JSON.parse(name) as Record<string, unknown>, 'missing events arrived');
    this.#open = open;
  }
}

const placeOf = ({ group, source, topic, partition }: Gap): Readonly<Record<string, unknown>> => ({ group, source, topic, partition });
const nameOf = (gap: Gap): string => JSON.stringify(placeOf(gap));
