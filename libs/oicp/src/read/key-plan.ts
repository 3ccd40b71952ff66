import type { Member } from '../member/member.ts';
import { unknownMember } from './complaints.ts';
import type { ReadContext } from './context.ts';

type Source = Readonly<Record<string, unknown>>;

/** What is irregular about the names of an object's members; `null` if nothing is. */
export interface KeyPlan {
  /** Names no document knows; kept. */
  readonly unknown: readonly string[];
  /** Names that differ from ours by case only: `[theirs, ours]`. */
  readonly renames: readonly (readonly [string, string])[];
}

/**
 * Plans for the names of the members of a class. The records of a page have the same names in the same order for long
 * stretches, so a plan is made once and then recognised by comparing the names with those of the record before.
 */
export class KeyPlanner {
  private readonly known = new Set<string>();
  private readonly byFolded = new Map<string, string>();
  private readonly aliases = new Map<string, string>();
  private lastKeys: readonly string[] = [];
  private lastPlan: KeyPlan | null = null;

  constructor(members: readonly Member[]) {
    for (const { name, aliases = [] } of members) {
      this.known.add(name);
      for (const alias of aliases) this.aliases.set(alias, name);
    }
    for (const { name, aliases = [] } of members) {
      for (const spelling of [...aliases, name]) this.byFolded.set(spelling.toLowerCase(), name);
    }
  }

  plan(source: Source): KeyPlan | null {
    const keys = Object.keys(source);
    if (!sameKeys(keys, this.lastKeys)) {
      this.lastPlan = this.make(keys);
      this.lastKeys = keys;
    }
    return this.lastPlan;
  }

  private make(keys: readonly string[]): KeyPlan | null {
    const present = new Set(keys);
    const unknown: string[] = [];
    const renames: [string, string][] = [];
    for (const key of keys) {
      if (this.known.has(key)) continue;
      const ours = this.aliases.get(key) ?? this.byFolded.get(key.toLowerCase());
      if (ours === undefined || present.has(ours)) unknown.push(key);
      else if (!this.aliases.has(key)) renames.push([key, ours]);
      if (ours !== undefined) present.add(ours);
    }
    return unknown.length === 0 && renames.length === 0 ? null : { unknown, renames };
  }
}

/** The same object under our names. */
export function renamed(source: Source, plan: KeyPlan): Source {
  const theirs = new Map(plan.renames);
  return Object.fromEntries(Object.entries(source).map(([key, value]) => [theirs.get(key) ?? key, value]));
}

/** Copies unknown members, nulls included: they are written back as they came. */
export function keepUnknown(plan: KeyPlan, source: Source, target: object, context: ReadContext): void {
  for (const key of plan.unknown) {
    const value = source[key];
    if (key === '__proto__') {
      Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
    } else {
      (target as Record<string, unknown>)[key] = value;
    }
    if (value !== null) context.report(unknownMember, key);
  }
}

function sameKeys(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}
