import type { Transaction } from '@emp/database';

/** What a handler of events is given beside the events. */
export interface BatchContext {
  /** Everything the handler writes goes through it: it commits together with the inbox, or not at all. */
  readonly tx: Transaction;
  readonly group: string;
  /** Runs once the batch is committed, e.g. to renew what memory holds. What it throws is lost. */
  afterCommit(run: () => void): void;
}
