import { createHash } from 'node:crypto';
import { readEvse, type EvseReading } from '../domain/evse.ts';
import type { EvseRecord } from '../domain/evse-record.ts';
import { gatherFindings, type RecordFindings } from '../domain/finding-tally.ts';
import { qualityOf } from '../domain/quality.ts';
import { storable } from './storable.ts';

/** A record ready to be stored. */
export interface RecordedEvse {
  readonly reading: EvseReading;
  /** JSON text. */
  readonly record: string;
  readonly findings: RecordFindings;
  readonly contentHash: string;
}

/** Reads a record, gathers what there is to say about it, and fingerprints it. */
export function recordEvse(wireRecord: EvseRecord, oicpFindings: Iterable<{ readonly code: string; readonly pointer: string }>): RecordedEvse {
  const record = storable(wireRecord);
  const reading = readEvse(record);
  return {
    reading,
    record: JSON.stringify(record),
    findings: gatherFindings([...oicpFindings, ...qualityOf(record, reading)]),
    contentHash: contentHashOf(record, reading),
  };
}

/**
 * What makes an EVSE a changed one: its record or our reading of it. `lastUpdate` and `deltaType` do not: operators
 * that load everything anew each night would make every EVSE of theirs a changed one.
 */
function contentHashOf(record: EvseRecord, { evse, positionVerdict }: EvseReading): string {
  const content = { ...record, lastUpdate: undefined, deltaType: undefined };
  return createHash('sha256').update(JSON.stringify([content, evse, positionVerdict])).digest('base64url');
}
