import { Problem } from '@emp/service-kit';

/** The query of a list: where the last page ended, and how much to give. */
export interface PageQuery {
  readonly cursor?: string;
  readonly limit?: string;
}

export interface PageRequest {
  readonly cursor: string | null;
  readonly limit: number;
}

const MOST = 500;
const USUAL = 100;

/** Throws Problem 400 `page-invalid`. */
export function pageRequest({ cursor, limit }: PageQuery): PageRequest {
  if (limit !== undefined && !/^[1-9]\d{0,2}$/.test(limit)) {
    throw new Problem(400, 'page-invalid', `limit must be a whole number from 1 to ${MOST}`);
  }
  return { cursor: cursor === undefined || cursor === '' ? null : cursor, limit: Math.min(Number(limit ?? USUAL), MOST) };
}

/** The cursor after this page, or `null` when it was the last: ask the store for one row more than the limit. */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): { page: readonly Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}
