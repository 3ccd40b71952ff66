export const PULL_KINDS = ['evse-data', 'evse-status', 'pricing'] as const;

export type PullKind = (typeof PULL_KINDS)[number];

/** `interrupted`: the process died or was stopped; the next run of its kind repairs what it left. */
export type PullState = 'running' | 'complete' | 'failed' | 'interrupted';

/** An EvseID that came more than once in one pull, with other content or under another operator. */
export interface Duplicate {
  readonly evseId: string;
  /** The first one is kept. */
  readonly operators: readonly string[];
}

/** One pull: its progress while it runs, its result afterwards. */
export interface PullRun {
  readonly id: string;
  readonly kind: PullKind;
  readonly state: PullState;
  readonly startedAt: Date;
  readonly progressedAt: Date;
  readonly endedAt: Date | null;
  readonly counts: Readonly<Record<string, number>>;
  /** Code → number of records that have it. */
  readonly findings: Readonly<Record<string, number>>;
  readonly duplicates: readonly Duplicate[];
  readonly notes: readonly string[];
  readonly error: string | null;
}

/** How a scheduled or requested pull may deal with EVSEs that are gone. */
export type Removals = 'limited' | 'allowed';
