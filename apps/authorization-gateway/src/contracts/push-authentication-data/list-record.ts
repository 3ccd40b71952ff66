import type { UploadedKind } from '@emp/hbs-client';

/** One record of a card list, by our own names: a cardRef for `rfid`, a contractRef for the others. */
export interface ListRecord {
  readonly kind: UploadedKind;
  readonly subjectRef: string;
  /** `null`: we have no such card or contract any more. */
  readonly contractRef: string | null;
  /** Hash of what is in the record besides the identification; empty if nothing is. */
  readonly content: string;
  /** When our facts changed last: a refused record is tried again then. */
  readonly version: Date | null;
  /** UID or EvcoID. */
  readonly sealed: string | null;
  readonly hashedPin: string | null;
  readonly pinHashFunction: string | null;
}

export type DifferenceAction = 'delete' | 'update' | 'insert';

export const nameOf = ({ kind, subjectRef }: Pick<ListRecord, 'kind' | 'subjectRef'>): string =>
  `${kind}:${subjectRef}`;
