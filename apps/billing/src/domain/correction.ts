import type { AcceptedRecord } from './accepted-record.ts';

/** What became of an accepted record later; of a session the highest number counts, in whatever order they are told. */
export interface Correction {
  readonly sessionId: string;
  /** From 1. */
  readonly number: number;
  readonly reason: string;
  /** The record as it is to be billed from now on; `null` = not at all. */
  readonly record: AcceptedRecord | null;
}

export interface Triage {
  /** One per session, the highest. */
  readonly latest: readonly Correction[];
  /** Overtaken within the batch. */
  readonly overtaken: number;
}

/** Of the corrections of a batch those that may count. */
export function latestCorrections(corrections: readonly Correction[]): Triage {
  const latest = new Map<string, Correction>();
  for (const correction of corrections) {
    const other = latest.get(correction.sessionId);
    if (!other || other.number < correction.number) latest.set(correction.sessionId, correction);
  }
  return { latest: [...latest.values()], overtaken: corrections.length - latest.size };
}
