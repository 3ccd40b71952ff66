import type { Finding, OicpMessages, RejectedRecord } from '@emp/oicp';

/** One page of charge detail records. */
export interface CdrPage {
  /** Zero-based. */
  readonly number: number;
  /** The page as it came; `sliceRecords(text, 'content')` gives each record's exact source. */
  readonly text: string;
  readonly message: OicpMessages['ChargeDetailRecordPage'];
  /** Records that could not be read at all; each cost only itself. */
  readonly rejected: readonly RejectedRecord[];
  readonly processId: string | null;
}

/** One page of EVSE data. */
export interface EvseDataPageRead {
  readonly number: number;
  readonly message: OicpMessages['EvseDataPage'];
  readonly rejected: readonly RejectedRecord[];
  readonly findings: readonly Finding[];
  readonly processId: string | null;
  /** The moment before the first page was asked for: take the next `LastCall` from here (OICP §2.10). */
  readonly startedAt: Date;
}

export interface EvseStatusEntry {
  readonly EvseID: string;
  /** As on the wire; usually one of the six literals. */
  readonly EvseStatus: string;
}

/** Up to some hundred status records of one operator. */
export interface EvseStatusBatch {
  /** As written in the group; `null` if the group names it only after its records. */
  readonly operatorId: string | null;
  readonly records: readonly EvseStatusEntry[];
  /** Records without a readable id or status since the batch before. */
  readonly unreadable: number;
  readonly processId: string | null;
  readonly startedAt: Date;
}

/** One page of the EVSEs of an NGP tariff group. */
export interface ContractEvsesPageRead {
  readonly number: number;
  readonly message: OicpMessages['ContractEvsesPage'];
  readonly processId: string | null;
}
