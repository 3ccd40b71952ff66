/** A push of a provider's card list as far as planning needs it. */
export interface PastPush {
  readonly setHash: string;
  readonly records: number;
  readonly accepted: boolean;
}

export interface PushSituation {
  /** The cards HBS should hold now. */
  readonly current: { readonly setHash: string; readonly records: number };
  /** The last push, however it ended. */
  readonly last: PastPush | undefined;
  /** The last one that HBS accepted. */
  readonly lastAccepted: PastPush | undefined;
  /** Somebody wants it whatever HBS holds: at start, or by request. */
  readonly demanded: 'start' | 'asked' | undefined;
  readonly emptyFullLoad: 'allowed' | 'forbidden';
}

export type PushPlan =
  | { readonly push: true; readonly reason: 'start' | 'asked' | 'changed' | 'last-not-accepted' }
  | { readonly push: false; readonly because: 'unchanged' | 'nothing-to-push' | 'empty-forbidden' };

/**
 * Whether the card list goes to HBS now, as a full load (OICP §7.5: it may be repeated, and repairs whatever was
 * ambiguous). An empty one deletes every card at HBS: only if there are some, and only if that is allowed.
 */
export function planPush({ current, last, lastAccepted, demanded, emptyFullLoad }: PushSituation): PushPlan {
  if (current.records === 0) {
    // A push whose outcome we never learnt may have left cards there.
    const mayHoldCards = (lastAccepted?.records ?? 0) > 0 || (last !== undefined && !last.accepted && last.records > 0);
    if (!mayHoldCards) return { push: false, because: 'nothing-to-push' };
    if (emptyFullLoad === 'forbidden') return { push: false, because: 'empty-forbidden' };
  }
  if (demanded !== undefined) return { push: true, reason: demanded };
  if (lastAccepted?.setHash !== current.setHash) return { push: true, reason: 'changed' };
  if (last !== undefined && !last.accepted) return { push: true, reason: 'last-not-accepted' };
  return { push: false, because: 'unchanged' };
}
