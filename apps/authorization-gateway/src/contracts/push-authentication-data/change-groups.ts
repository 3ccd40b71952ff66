/** What one commit announces arrives together; what comes later is another's. */
const TOGETHER_MS = 5;
/** So many at once are quicker looked at together. */
const MOST_GROUPS = 50;
const MOST_CHANGED = 5_000;

/**
 * Contracts that changed, kept apart by the commit that changed them: a card that somebody blocks must not wait
 * because a large import blocks many at the same time.
 */
export class ChangeGroups {
  readonly #now: () => number;
  #groups: Set<string>[] = [];
  #count = 0;
  #openUntil = 0;
  #everything = false;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#count === 0 && !this.#everything;
  }

  /** `undefined`: what changed was not heard. */
  add(contractRef: string | undefined): void {
    if (contractRef === undefined || this.#count >= MOST_CHANGED) {
      this.#everything = true;
      return;
    }
    const last = this.#groups.at(-1);
    if (last && this.#now() < this.#openUntil) last.add(contractRef);
    else this.#groups.push(new Set([contractRef]));
    this.#count += 1;
    this.#openUntil = this.#now() + TOGETHER_MS;
  }

  /**
   * Takes what there is: groups of at most `smallest` contracts each by itself, all larger ones as one. `everything`:
   * that is not all that changed.
   */
  take(smallest: number): { readonly groups: readonly (readonly string[])[]; readonly everything: boolean } {
    const groups = this.#groups;
    const everything = this.#everything;
    [this.#groups, this.#count, this.#openUntil, this.#everything] = [[], 0, 0, false];
    const small = groups.length > MOST_GROUPS ? [] : groups.filter(({ size }) => size <= smallest);
    const large = new Set(groups.filter((group) => !small.includes(group)).flatMap((group) => [...group]));
    return { groups: [...small, ...(large.size > 0 ? [large] : [])].map((group) => [...group]), everything };
  }
}
