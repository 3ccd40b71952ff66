/** What HBS's answer to a push means for what we believe. */
export type PushOutcome =
  /** Done. */
  | 'accepted'
  /** Nothing was done, because of a record in it: halves tell which. */
  | 'record-refused'
  /** Nothing was done: what HBS holds is not what we believe, or another push is under way (OICP 009). */
  | 'conflict'
  /** Nothing was done, and no record is to blame: later. */
  | 'not-accepted'
  /** It may have been done. */
  | 'unknown';

/** The answer to a push, as the client of HBS tells it. */
export interface PushAnswer {
  readonly ok: boolean;
  readonly reason?: string;
  /** OICP §11. */
  readonly code?: string | undefined;
  readonly done?: 'no' | 'perhaps';
}

/** 019: an EvcoID of another provider; 022: implausible data (OICP §11). */
const CODES_OF_RECORDS: ReadonlySet<string | undefined> = new Set(['019', '022']);

/** Reads an answer by OICP §2.5 and §7.5: pushes are all or nothing. */
export function outcomeOf({ ok, reason, code, done }: PushAnswer): PushOutcome {
  if (ok) return 'accepted';
  if (done === 'perhaps') return 'unknown';
  if (reason === 'fault' || (reason === 'refused' && CODES_OF_RECORDS.has(code))) return 'record-refused';
  return reason === 'refused' && code === '009' ? 'conflict' : 'not-accepted';
}

export interface Sent<R> {
  /** How the last push ended that was not about a single record. */
  readonly ended: Exclude<PushOutcome, 'record-refused'> | 'too-many-refused';
  /** Records that HBS does not take, found by halving. */
  readonly refused: readonly R[];
}

/** If nearly everything is refused, the records are not to blame. */
const MOST_REFUSED = 20;

/**
 * Sends records together; when HBS refuses because of one of them, in halves, until the bad ones are found and all
 * others are there. Stops at the first outcome that is not about records.
 */
export async function sendInHalves<R>(
  records: readonly R[], send: (part: readonly R[]) => Promise<PushOutcome>,
): Promise<Sent<R>> {
  const refused: R[] = [];
  const parts: (readonly R[])[] = records.length === 0 ? [] : [records];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const outcome = await send(part);
    if (outcome === 'accepted') continue;
    if (outcome !== 'record-refused') return { ended: outcome, refused };
    if (part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      parts.unshift(part.slice(0, middle), part.slice(middle));
      continue;
    }
    refused.push(...part);
    if (refused.length >= MOST_REFUSED) return { ended: 'too-many-refused', refused };
  }
  return { ended: 'accepted', refused };
}

export interface Loaded<R> {
  readonly ended: Exclude<PushOutcome, 'record-refused'> | 'too-many-refused';
  /** What HBS holds now, if it accepted; perhaps not all: the rest follows as differences. */
  readonly taken: readonly R[];
  readonly refused: readonly R[];
}

/**
 * A full load that finds its way around records that HBS does not take: first everything, then what HBS took before,
 * and if it takes not even that (or took nothing yet), halves, until one is taken whole. What is left goes as inserts.
 */
export async function loadWhatIsTaken<R>(
  records: readonly R[], before: () => Promise<readonly R[]>, send: (part: readonly R[]) => Promise<PushOutcome>,
): Promise<Loaded<R>> {
  const refused: R[] = [];
  let parts: (readonly R[])[] = [records];
  for (let part = parts.shift(), tries = 1; part !== undefined; part = parts.shift(), tries += 1) {
    const outcome = await send(part);
    if (outcome === 'accepted') return { ended: 'accepted', taken: part, refused };
    if (outcome !== 'record-refused') return { ended: outcome, taken: [], refused };
    const known = tries === 1 ? await before() : [];
    if (known.length > 0 && known.length < part.length) parts = [known];
    else if (part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      parts = [part.slice(0, middle), part.slice(middle), ...parts];
    } else refused.push(...part);
    if (refused.length >= MOST_REFUSED) break;
  }
  return { ended: 'too-many-refused', taken: [], refused };
}
