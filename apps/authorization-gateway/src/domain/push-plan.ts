/**
 * Why nothing but a full load may follow: nothing was ever loaded; a push ended without an answer; HBS holds something
 * else than we believe (it refused with 009); a record to be deleted is no longer ours to name.
 */
export type RepairReason = 'never-loaded' | 'outcome-unknown' | 'beliefs-differ' | 'record-gone';
export type FullLoadReason = RepairReason | 'asked' | 'scheduled';

/** What we believe about one list at HBS. */
export interface ListState {
  /** Records we believe HBS holds. */
  readonly held: number;
  /** How many the last push was to leave there, whatever became of it; `held`, unless that is unknown. */
  readonly intended: number;
  /** `null`: what we believe is what HBS holds. */
  readonly repair: RepairReason | null;
  /** Records at the last full load or confirmation; what was deleted since is counted against it. */
  readonly baseline: number;
  readonly deletedSince: number;
}

/** How our list differs from what HBS is believed to hold. */
export interface Differences {
  readonly inserts: number;
  readonly updates: number;
  readonly deletes: number;
  /** Contracts that the deletions concern. */
  readonly contractsOfDeletes: number;
}

/** What a person was asked, and said, about taking away so many records. */
export interface Asked {
  readonly state: 'waiting' | 'confirmed' | 'rejected';
  readonly takesAway: number;
}

export interface Caution {
  /** 0…1: a push that takes away more than this share waits for a person. */
  readonly shrinkShare: number;
  /** Deletions that concern no more contracts than this never wait: a stolen card does not. */
  readonly unaskedContracts: number;
}

export interface PushSituation {
  readonly state: ListState;
  readonly differences: Differences;
  /** A full load that somebody or the calendar wants. */
  readonly wish: 'asked' | 'scheduled' | undefined;
  readonly asked: Asked | undefined;
  readonly caution: Caution;
}

export type PushPlan =
  | {
      readonly do: 'nothing';
      readonly because: 'unchanged' | 'nothing-to-push' | 'rejected' | 'waiting';
      readonly ask?: number;
    }
  | { readonly do: 'full-load'; readonly reason: FullLoadReason }
  /** Deletions first: whoever is blocked is blocked. `ask`: that many deletions need a person's word. */
  | { readonly do: 'differences'; readonly deletes: 'go' | 'stay'; readonly ask?: number };

/** A confirmation covers a little more than what was shown: time goes on while a person reads. */
const LEEWAY = 1.01;

/**
 * What happens to a list now. A full load may be repeated and repairs whatever is uncertain (OICP §7.5, §2.8), so that
 * it comes before any difference; an empty one deletes every card at HBS.
 */
export function planPush({ state, differences, wish, asked, caution }: PushSituation): PushPlan {
  const wanted = state.held + differences.inserts - differences.deletes;
  const reason = state.repair ?? wish;
  if (reason === undefined) return planDifferences(state, differences, asked, caution);
  const before = Math.max(state.intended, 0);
  if (wanted === 0 && before === 0 && state.held === 0) return { do: 'nothing', because: 'nothing-to-push' };
  const takesAway = wanted === 0 ? Math.max(before, state.held) : before - wanted;
  const mustAsk =
    wanted === 0 ||
    (differences.contractsOfDeletes > caution.unaskedContracts && takesAway > caution.shrinkShare * before);
  const answer = mustAsk ? answerTo(asked, takesAway) : 'go';
  if (answer === 'go') return { do: 'full-load', reason };
  return answer === 'ask'
    ? { do: 'nothing', because: 'waiting', ask: takesAway }
    : { do: 'nothing', because: 'rejected' };
}

function planDifferences(
  state: ListState, differences: Differences, asked: Asked | undefined, caution: Caution,
): PushPlan {
  const { inserts, updates, deletes, contractsOfDeletes } = differences;
  if (inserts + updates + deletes === 0) return { do: 'nothing', because: 'unchanged' };
  const mustAsk =
    contractsOfDeletes > caution.unaskedContracts &&
    state.deletedSince + deletes > caution.shrinkShare * Math.max(state.baseline, state.held);
  const answer = mustAsk ? answerTo(asked, deletes) : 'go';
  if (answer === 'go') return { do: 'differences', deletes: 'go' };
  const ask = answer === 'ask' ? { ask: deletes } : {};
  if (inserts + updates > 0) return { do: 'differences', deletes: 'stay', ...ask };
  return { do: 'nothing', because: answer === 'ask' ? 'waiting' : 'rejected', ...ask };
}

/** A person's word holds as long as what it was about has not grown. */
function answerTo(asked: Asked | undefined, takesAway: number): 'go' | 'stay' | 'ask' {
  if (asked === undefined || asked.state === 'waiting' || takesAway > Math.ceil(asked.takesAway * LEEWAY)) return 'ask';
  return asked.state === 'confirmed' ? 'go' : 'stay';
}
