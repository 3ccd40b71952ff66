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

/** One name in the order in which an object of the past had its names; the last of them leads to the plan. */
export class KeyNode {
  readonly key: string;
  /** The name that first followed this one; mostly the only one. */
  next: KeyNode | undefined;
  others: Map<string, KeyNode> | undefined;
  plan: KeyPlan | null | undefined;

  constructor(key: string) {
    this.key = key;
  }
}

/** Enough for all the forms that partners use; foreign names must not pile up. */
const MOST_NODES = 5000;

/**
 * Plans for the names of the members of a class. The records of a page come in few forms, with the same names in the
 * same order, so a plan is made once and then found by following the names, without making a list of them.
 */
export class KeyPlanner {
  root = new KeyNode('');
  private nodes = 0;
  private readonly known: ReadonlySet<string>;
  private readonly aliases: ReadonlyMap<string, string>;
  private readonly byFolded: ReadonlyMap<string, string>;

  constructor(members: readonly Member[]) {
    this.known = new Set(members.map(({ name }) => name));
    this.aliases = new Map(members.flatMap(({ name, aliases = [] }) => aliases.map((alias) => [alias, name] as const)));
    this.byFolded = new Map(members.flatMap(({ name, aliases = [] }) =>
      [...aliases, name].map((spelling) => [spelling.toLowerCase(), name] as const)));
  }

  /** The node for a name that is not the one that first followed. */
  follow(node: KeyNode, key: string): KeyNode {
    const known = node.others?.get(key);
    if (known !== undefined) return known;
    const made = new KeyNode(key);
    this.nodes += 1;
    if (node.next === undefined) node.next = made;
    else (node.others ??= new Map()).set(key, made);
    return made;
  }

  /** The plan for names in an order that did not occur before. */
  plan(end: KeyNode, source: Target): KeyPlan | null {
    end.plan = this.make(Object.keys(source));
    if (this.nodes > MOST_NODES) {
      this.root = new KeyNode('');
      this.nodes = 0;
    }
    return end.plan;
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
