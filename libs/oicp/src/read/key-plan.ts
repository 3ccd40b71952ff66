import type { Member } from '../member/member.ts';
import { otherCase, unknownMember } from './complaints.ts';
import type { ReadContext } from './context.ts';
import { memberStep, type Step } from './step.ts';

type Target = Record<string, unknown>;

/** What is irregular about the names of an object's members; `null` if nothing is. */
export interface KeyPlan {
  /** Names that no document knows; their members are kept. */
  readonly unknown: readonly string[];
  /** Other names of members that are also there under ours; if null they go, else they are kept like unknown ones. */
  readonly doubles: readonly string[];
  /** Names that differ from ours by case only: theirs → ours. */
  readonly renames: ReadonlyMap<string, string>;
}

/**
 * Plans for the names of the members of a class. The records of a page have the same names in the same order for long
 * stretches, so a plan is made once and then recognised by comparing the names with those of the record before.
 */
export class KeyPlanner {
  private readonly known: ReadonlySet<string>;
  private readonly aliases: ReadonlyMap<string, string>;
  private readonly byFolded: ReadonlyMap<string, string>;
  /** The names of the object before, and what was planned for them. */
  lastKeys: readonly string[] = [];
  lastPlan: KeyPlan | null = null;

  constructor(members: readonly Member[]) {
    this.known = new Set(members.map(({ name }) => name));
    this.aliases = new Map(members.flatMap(({ name, aliases = [] }) => aliases.map((alias) => [alias, name] as const)));
    this.byFolded = new Map(members.flatMap(({ name, aliases = [] }) =>
      [...aliases, name].map((spelling) => [spelling.toLowerCase(), name] as const)));
  }

  /** Makes the plan for names that are not those of the object before. */
  plan(source: Target): KeyPlan | null {
    this.lastKeys = Object.keys(source);
    this.lastPlan = this.make(this.lastKeys);
    return this.lastPlan;
  }

  private make(keys: readonly string[]): KeyPlan | null {
    const present = new Set(keys);
    const unknown: string[] = [];
    const doubles: string[] = [];
    const renames = new Map<string, string>();
    for (const key of keys) {
      if (this.known.has(key)) continue;
      const alias = this.aliases.get(key);
      const ours = alias ?? this.byFolded.get(key.toLowerCase());
      if (ours === undefined) unknown.push(key);
      else if (present.has(ours)) doubles.push(key);
      else if (alias === undefined) renames.set(key, ours);
      if (ours !== undefined) present.add(ours);
    }
    return unknown.length + doubles.length + renames.size === 0 ? null : { unknown, doubles, renames };
  }
}

/** Gives members their right names. */
export function rename(plan: KeyPlan, target: Target, context: ReadContext): void {
  const originals = new Map<Step, Step>();
  for (const [theirs, ours] of plan.renames) {
    const step = context.foreignStep(theirs);
    originals.set(memberStep(ours), step);
    if (target[theirs] !== null && target[theirs] !== undefined) context.report(otherCase, step);
    target[ours] = target[theirs];
    target[theirs] = undefined;
  }
  context.renamed(originals);
}

/** Notes unknown members that say something. They stay where they are and are written back as they came. */
export function noteUnknown(plan: KeyPlan, target: Target, context: ReadContext): void {
  for (const key of plan.unknown) {
    if (target[key] !== null && target[key] !== undefined) context.report(unknownMember, context.foreignStep(key));
  }
  for (const key of plan.doubles) {
    if (target[key] === null) target[key] = undefined;
    else if (target[key] !== undefined) context.report(unknownMember, context.foreignStep(key));
  }
}
