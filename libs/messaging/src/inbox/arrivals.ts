import type { Batch, DeliveredEvent } from '../broker/broker.ts';
import { REPLAY_FOR } from '../dead-letter/dead-letter.ts';

/** What a batch brought of one source's numbers (`ce_sequence`). Sets of numbers are texts of type `int8multirange`. */
export interface Arrivals {
  readonly source: string;
  /** In the order of the log. */
  readonly first: bigint;
  readonly highest: bigint;
  /** When the event with the highest number was appended. */
  readonly appendedAt: Date;
  readonly numbers: string;
  /** Numbers between them that are not missing: compaction may have removed them. */
  readonly excused: string;
}

interface Numbered {
  readonly number: bigint;
  readonly appendedAt: Date;
}

const NUMBER = /^\d{1,18}$/;
/** Services have short names; what a stranger wrote must not stop a partition because no index takes it. */
const LONGEST_SOURCE = 255;

/**
 * The numbers that came, by source. `compactedBefore`, for a topic that keeps the latest event per key: what was appended
 * before may be thinned out.
 */
export function arrivalsOf(group: string, batch: Batch, compactedBefore: Date | null): Arrivals[] {
  const bySource = new Map<string, Numbered[]>();
  for (const event of batch.events) {
    const { ce_source: source, ce_sequence: sequence, [REPLAY_FOR]: meantFor = group } = event.headers;
    if (source === undefined || sequence === undefined || !NUMBER.test(sequence) || meantFor !== group || source.length > LONGEST_SOURCE) continue;
    const numbered = { number: BigInt(sequence), appendedAt: event.appendedAt };
    const known = bySource.get(source);
    if (known) known.push(numbered);
    else bySource.set(source, [numbered]);
  }
  return [...bySource].map(([source, numbered]) => arrivalsFrom(source, numbered, compactedBefore));
}

/** The number an event was given by its source. */
export function numberOf({ headers }: Pick<DeliveredEvent, 'headers'>): bigint | undefined {
  const sequence = headers['ce_sequence'];
  return sequence !== undefined && NUMBER.test(sequence) ? BigInt(sequence) : undefined;
}

function arrivalsFrom(source: string, numbered: Numbered[], compactedBefore: Date | null): Arrivals {
  const begin = numbered[0];
  const sorted = numbered.toSorted((one, other) => (one.number < other.number ? -1 : 1));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!begin || !first || !last) throw new RangeError('no number arrived');
  const runs: { from: bigint; to: bigint }[] = [];
  const excused: { from: bigint; to: bigint }[] = [];
  let before = first;
  for (const each of sorted) {
    const run = runs.at(-1);
    if (run && each.number <= run.to + 1n) run.to = each.number;
    else {
      if (run && compactedBefore && before.appendedAt < compactedBefore) excused.push({ from: run.to + 1n, to: each.number - 1n });
      runs.push({ from: each.number, to: each.number });
    }
    before = each;
  }
  return { source, first: begin.number, highest: last.number, appendedAt: last.appendedAt, numbers: multirange(runs), excused: multirange(excused) };
}

const multirange = (ranges: readonly { from: bigint; to: bigint }[]): string => `{${ranges.map(({ from, to }) => `[${from},${to}]`).join(',')}}`;
