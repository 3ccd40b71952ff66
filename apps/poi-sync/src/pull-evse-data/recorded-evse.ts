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
  readonly recordText: string;
  readonly findings: RecordFindings;
  /** JSON text. */
  readonly findingsText: string;
  /** Of the record and our reading of it: when it differs, the EVSE changed. */
  readonly contentHash: string;
  readonly findingsHash: string;
}

type WireRecord = EvseRecord & { readonly deltaType?: unknown; readonly lastUpdate?: unknown };

/** Reads a record, gathers what there is to say about it, and fingerprints both. */
export function recordEvse(
  wireRecord: WireRecord, oicpFindings: readonly { readonly code: string; readonly pointer: string }[]
): RecordedEvse {
  // Operators that load everything anew each night move these two: they do not make an EVSE a changed one.
  const { deltaType, lastUpdate, ...content } = wireRecord;
  const { value: record, text } = storable(content);
  const reading = readEvse(record);
  const findings = gatherFindings([...oicpFindings, ...qualityOf(record, reading)]);
  const findingsText = JSON.stringify(findings);
  return {
    reading,
    recordText: joined(text, storable({ deltaType, lastUpdate }).text),
    findings,
    findingsText,
    contentHash: hashOf(text, JSON.stringify([reading.evse, reading.positionVerdict])),
    findingsHash: hashOf(findingsText),
  };
}

/** Two JSON objects as one; the first has at least the EvseID. */
const joined = (one: string, other: string): string => (other === '{}' ? one : `${one.slice(0, -1)},${other.slice(1)}`);

const hashOf = (...texts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('base64url');
};
