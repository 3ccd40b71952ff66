import type { Transaction } from '@emp/database';

/** Keeps the answer of one request in a transaction of its handler. */
export type KeepAnswer = (tx: Transaction, answer: unknown) => Promise<void>;

const keepers = new WeakMap<object, KeepAnswer>();

export const keepAnswersOf = (request: object, keep: KeepAnswer): void => void keepers.set(request, keep);

export const answerKept = (request: object): KeepAnswer | undefined => keepers.get(request);
