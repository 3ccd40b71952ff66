import { defineEvent } from './event.ts';

export interface RepeatRequestedData {
  /** Who published them and shall publish them again: `ce_source`. */
  readonly source: string;
  readonly topic: string;
  readonly partition: number;
  /** The consumer group that lacks them. */
  readonly group: string;
  /** Numbers (`ce_sequence`) that are missing, both ends included, ascending. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

export const RepeatRequestedV1 = defineEvent({
  type: 'RepeatRequested',
  topic: 'emp.operations.v1',
  about: 'A consumer group lacks events that were numbered before others it was given; their source repeats them from its outbox.',
  key: (data: RepeatRequestedData) => data.source,
  samples: [{ source: 'cdr-ingest', topic: 'emp.cdr.v1', partition: 3, group: 'billing.rate-cdr', ranges: [{ from: 17, to: 19 }] } as RepeatRequestedData],
});
