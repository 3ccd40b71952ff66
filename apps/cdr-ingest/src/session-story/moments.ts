/** Something that happened to a session, with what is known of it. Never a card number. */
export interface Moment {
  /** Instant, UTC. */
  readonly at: string;
  readonly what: What;
  readonly facts: Readonly<Record<string, unknown>>;
}

export type What = (typeof ORDER)[number];

/** Of what happened in the same millisecond, the cause comes before its effect. */
const ORDER = [
  'authorized', 'charging-started', 'charging-progressed', 'charging-failed', 'charging-ended', 'stop-authorized', 'record-missing',
  'record-asked-for', 'record-received', 'record-listed', 'record-checked', 'record-accepted', 'record-quarantined', 'record-conflicted',
  'record-rejected', 'case-step', 'record-settled', 'charge-rated', 'charge-reversed', 'charge-corrected',
] as const;

export function inOrder(moments: readonly Moment[]): readonly Moment[] {
  const rank = new Map<What, number>(ORDER.map((what, at) => [what, at]));
  return [...moments].sort((one, other) =>
    one.at === other.at ? (rank.get(one.what) ?? 0) - (rank.get(other.what) ?? 0) : one.at < other.at ? -1 : 1);
}
