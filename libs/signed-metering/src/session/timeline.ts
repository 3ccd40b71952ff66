import type { JudgedValue } from '../judge-leaf.ts';
import type { MeterReading, Purpose } from '../reading.ts';
import type { MeteringRecord } from '../record.ts';
import type { Leaf } from '../unwrap/leaf.ts';

/** A record of the session with its readings, their places in the session known. */
export interface SessionRecord {
  readonly leaf: Leaf;
  readonly record: MeteringRecord;
  readonly readings: readonly MeterReading[];
  readonly fingerprint: string | undefined;
}

/**
 * Puts the records in the order of their numbers, or leaves them as delivered when they have none. Formats that do not
 * say what a reading is (EDL40, Alfen: what they say about it is not signed) get it from their place.
 */
export function timelineOf(judged: readonly JudgedValue[]): readonly SessionRecord[] {
  const records = judged.flatMap(({ leaf, record, key }) =>
    record === undefined ? [] : [{ leaf, record, readings: record.readings, fingerprint: key?.fingerprint }],
  );
  const ordered = records.every(({ record }) => numberOf(record) !== undefined)
    ? records.toSorted((one, other) => compare(numberOf(one.record), numberOf(other.record)))
    : records;
  const unordered =
    ordered.length > 1 && ordered.every(({ readings }) => readings.every(({ purpose }) => purpose === 'unordered'));
  return unordered ? ordered.map((entry, index) => placed(entry, placeOf(index, ordered.length))) : ordered;
}

const numberOf = (record: MeteringRecord): bigint | undefined => record.pagination[0]?.number;

const compare = (one = 0n, other = 0n): number => (one < other ? -1 : one > other ? 1 : 0);

const placeOf = (index: number, count: number): Purpose =>
  index === 0 ? 'begin' : index === count - 1 ? 'end' : 'intermediate';

const placed = (entry: SessionRecord, purpose: Purpose): SessionRecord => ({
  ...entry,
  readings: entry.readings.map((reading) => ({ ...reading, purpose })),
});
