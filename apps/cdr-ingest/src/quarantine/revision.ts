import { revisionMalformed, revisionRequired } from './case-problems.ts';

/** As much of Fastify's reply as is needed. */
export interface Reply {
  header(name: string, value: string): unknown;
}

/** RFC 9110: the revision of a case as a strong entity tag. */
export const etagOf = (revision: number): string => `"${revision}"`;

/** The revision that `If-Match` names; a proxy that compresses may have weakened it. @throws Problem 428 without one, 400 if it is none of ours. */
export function revisionSeen(ifMatch: string | undefined): number {
  if (ifMatch === undefined || ifMatch.trim() === '') throw revisionRequired();
  const revision = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim())?.[1];
  if (revision === undefined) throw revisionMalformed();
  return Number(revision);
}
