/**
 * The literals of an enumeration, looked up by length. Texts from JSON.parse have no hash yet, so a Set has to compute
 * one for each; literals of one enumeration hardly ever share their length, so one comparison mostly settles it.
 */
export class LiteralSet {
  private readonly byLength: (readonly string[] | undefined)[] = [];

  constructor(literals: readonly string[]) {
    for (const literal of literals) {
      this.byLength[literal.length] = [...(this.byLength[literal.length] ?? []), literal];
    }
  }

  has(text: string): boolean {
    const candidates = this.byLength[text.length];
    if (candidates === undefined) return false;
    for (let at = 0; at < candidates.length; at += 1) if (candidates[at] === text) return true;
    return false;
  }

  /** Whether every element is one of the literals. */
  hasEvery(elements: readonly unknown[]): boolean {
    for (let at = 0; at < elements.length; at += 1) {
      const element = elements[at];
      if (typeof element !== 'string' || !this.has(element)) return false;
    }
    return true;
  }
}
