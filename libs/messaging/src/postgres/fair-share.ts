/** A partition of a topic as the group's table has it, seen by one member. */
export interface CursorState {
  readonly topic: string;
  readonly partition: number;
  /** `free`: nobody's, or its owner fell silent. */
  readonly owner: 'me' | 'free' | 'another';
}

export interface Share {
  readonly claim: readonly CursorState[];
  /** More than the fair share: another member lacks them. */
  readonly release: readonly CursorState[];
}

/**
 * What one member should take and give back in one topic, so that every living member comes to own the same number of
 * partitions, give or take one. All members reckon alike: `rank` is the member's place among the `members` living ones.
 */
export function fairShare(cursors: readonly CursorState[], { rank, members }: { readonly rank: number; readonly members: number }): Share {
  const quota = Math.floor(cursors.length / members) + (rank < cursors.length % members ? 1 : 0);
  const mine = cursors.filter((cursor) => cursor.owner === 'me');
  const free = cursors.filter((cursor) => cursor.owner === 'free');
  return { claim: free.slice(0, Math.max(0, quota - mine.length)), release: mine.slice(quota) };
}
