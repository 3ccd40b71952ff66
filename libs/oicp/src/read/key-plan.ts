import type { Member } from '../member/member.ts';
import { otherCase, unknownMember } from './complaints.ts';
import type { ReadContext } from './context.ts';
import { memberStep } from './step.ts';

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

/** One name in the order in which an object of the past had its names. */
export class KeyNode {
  readonly key: string;
  /** The name that first followed this one; mostly the only one. */
  next: KeyNode | undefined;
  others: Map<string, KeyNode> | undefined;
  /** On the last name of an object: all its names in order, and what is planned for them. */
  end: KnownNames | undefined;

  constructor(key: string) {
    this.key = key;
  }
}

/** The names of an object in their order, and the plan for them. */
export interface KnownNames {
  readonly keys: readonly string[];
  readonly plan: KeyPlan | null;
}

/** Enough for all the forms that partners use; foreign names must not pile up. */
const MOST_NODES = 5000;

/**
 * Plans for the names of the members of a class. The records of a page come in few forms, with the same names in the
 * same order, mostly those of the record before: a plan is made once and then found by comparing or following names.
 */
export class KeyPlanner {
  /** Those of the object before. */
  last: KnownNames = { keys: [], plan: null };
  private root = new KeyNode('');
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

  /** The plan for names that are not those of the object before. */
  find(target: Target): KeyPlan | null {
    let node = this.root;
    for (const key in target) node = node.next?.key === key ? node.next : this.follow(node, key);
    node.end ??= this.plan(Object.keys(target));
    this.last = node.end;
    return node.end.plan;
  }

  private follow(node: KeyNode, key: string): KeyNode {
    const known = node.others?.get(key);
    if (known !== undefined) return known;
    const made = new KeyNode(key);
    this.nodes += 1;
    if (node.next === undefined) node.next = made;
    else (node.others ??= new Map()).set(key, made);
    return made;
  }

  private plan(keys: readonly string[]): KnownNames {
    if (this.nodes > MOST_NODES) {
      this.root = new KeyNode('');
      this.nodes = 0;
    }
    return { keys, plan: this.make(keys) };
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
  const originals = context.originalsOf(plan.renames);
  for (const [theirs, ours] of plan.renames) {
    const value = target[theirs];
    if (value !== null && value !== undefined) context.report(otherCase, originals.get(memberStep(ours)));
    target[ours] = value;
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
