import { readEvseFeed, readEvseStatusFeed, type FeedOutcome, type Finding } from '@emp/oicp';

/** What a national feed holds: records of OICP in an envelope that is none of its messages. */
export interface FeedReading {
  readonly what: 'EVSE data' | 'EVSE status';
  readonly operators: number;
  readonly records: number;
  /** Records that cannot be read at all. */
  readonly rejected: number;
  /** How many findings of each code, the most frequent first. */
  readonly findings: readonly Counted[];
}

interface Counted {
  readonly code: string;
  readonly severity: Finding['severity'];
  readonly count: number;
}

const FEEDS = [
  { what: 'EVSE data', members: ['EVSEData', 'EvseData'], read: readEvseFeed },
  { what: 'EVSE status', members: ['EVSEStatuses', 'EvseStatuses'], read: readEvseStatusFeed },
] as const;

/** Reads a feed; `undefined` if the text is none. In a message of OICP these members are objects, here they are lists. */
export function readFeed(text: string): FeedReading | undefined {
  const document = objectOf(text);
  if (document === undefined) return undefined;
  const feed = FEEDS.find(({ members }) => members.some((member) => Array.isArray(document[member])));
  if (feed === undefined) return undefined;
  const outcome: FeedOutcome<unknown> = feed.read(text);
  return outcome.ok ? reading(feed.what, outcome) : undefined;
}

function reading(what: FeedReading['what'], { records, rejected }: FeedOutcome<unknown> & { ok: true }): FeedReading {
  const counts = new Map<string, Counted>();
  for (const { findings } of [...records, ...rejected]) for (const each of findings) countIn(counts, each);
  return {
    what,
    operators: new Set(records.map(({ operatorId }) => operatorId)).size,
    records: records.length,
    rejected: rejected.length,
    findings: [...counts.values()].sort((one, other) => other.count - one.count),
  };
}

function countIn(counts: Map<string, Counted>, { code, severity }: Finding): void {
  const key = `${severity} ${code}`;
  counts.set(key, { code, severity, count: (counts.get(key)?.count ?? 0) + 1 });
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
