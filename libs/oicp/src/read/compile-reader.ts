import type { Member } from '../member/member.ts';
import { missing, spelledDifferently } from './complaints.ts';
import { standingComplaint, type Complaint } from './deviations.ts';
import { KeyPlanner, noteUnknown, rename } from './key-plan.ts';
import { isObject, objectReader, type ObjectReader } from './object-reader.ts';
import { regularValue, type RegularValue } from './regular-value.ts';
import type { PreparedRule } from '../rules/cross-rules.ts';
import type { Reshape } from './reshape.ts';
import { memberStep } from './step.ts';
import { valueReaderOf, type ValueReader } from './value-reader.ts';

/** What the generated code refers to, one per member. */
interface MemberParts {
  readonly read: ValueReader;
  readonly object: () => ObjectReader;
  readonly missing: Complaint;
  readonly alias: Complaint;
  readonly regular: RegularValue;
}

export interface Extras {
  readonly rules: readonly PreparedRule[];
  readonly reshape: Reshape | undefined;
}

/**
 * Makes one function per class that looks at every member once: its own name first, then its aliases; a regular value
 * stays as it is, everything else goes to the member's reader. Generated because a loop over a table of members costs
 * three times as much, and a page has 100 000 members. The source is made of names that our own classes declare, never
 * of input.
 */
export function compileReader(name: string, members: readonly Member[], extras: Extras): ObjectReader {
  const parts = members.map((member): MemberParts => ({
    read: valueReaderOf(member.type),
    object: () => (member.type.shape === 'object' ? objectReader(member.type.of()) : never()),
    missing: standingComplaint(missing(member)),
    alias: spelledDifferently(member),
    regular: regularValue(member.type),
  }));
  const source = [
    ...parts.map((_, i) => `const p${i} = parts[${i}], r${i} = p${i}.read, f${i} = p${i}.regular.test; let l${i};`),
    ...extras.rules.map((_, i) => `const c${i} = extras.rules[${i}], t${i} = c${i}.check;`),
    `return function read${name}(target, context) {`,
    extras.reshape === undefined ? '' : 'extras.reshape(target, context);',
    NAMES,
    'let usable = true, v, k;',
    ...members.map((member, i) => memberCode(member, i, parts[i]!.regular)),
    `if (usable && plan !== null) noteUnknown(plan, target, context);`,
    'if (usable) {',
    ...extras.rules.map((_, i) => `c${i}.to = context; c${i}.about = target; t${i}(target, c${i}.complain, context); c${i}.about = undefined;`),
    '}',
    'if (renaming) context.renamed(undefined);',
    'return usable;',
    '};',
  ].join('\n');
  const make = new Function('parts', 'extras', 'planner', 'rename', 'noteUnknown', 'isObject', source);
  return (make as (...given: unknown[]) => ObjectReader)(
    parts, extras, new KeyPlanner(members), rename, noteUnknown, isObject,
  );
}

/** Recognises the names of the object before without making a list of them; JSON objects inherit no members. */
const NAMES = `
  const last = planner.last, keys = last.keys;
  let at = 0;
  for (const key in target) { if (key !== keys[at]) { at = -1; break; } at += 1; }
  const plan = at === keys.length ? last.plan : planner.find(target);
  const renaming = plan !== null && plan.renames.size > 0;
  if (renaming) rename(plan, target, context);`;

function memberCode({ name, aliases = [], presence, type }: Member, i: number, regular: RegularValue): string {
  const step = aliases.length === 0 ? String(memberStep(name)) : 'k';
  const essential = presence === 'essential';
  const absent = [
    `if (v === null) target.${name} = undefined;`,
    presence === 'optional' ? '' : `context.report(p${i}.missing, ${memberStep(name)});`,
    essential ? 'usable = false;' : '',
  ].join(' ');
  const unusable = essential ? 'usable = false;' : '';
  return `
    v = target.${name};
    ${aliases.length === 0 ? '' : `k = ${memberStep(name)};`}
    ${aliases.map((alias) => aliasCode(name, alias, i)).join('\n')}
    if (v === undefined || v === null) { ${absent} }
    ${type.shape === 'object' ? objectCode(name, i, step, unusable) : ''}
    ${type.shape === 'decimal' ? decimalCode(name) : ''}
    else if (!(${regular.condition.replaceAll('$', String(i))})) {
      const w = r${i}(v, ${step}, context);
      if (w !== v) target.${name} = w;
      ${essential ? 'if (w === undefined) usable = false;' : ''}
    }`;
}

/** An object where one is expected. */
const objectCode = (name: string, i: number, step: string, unusable: string): string => `
    else if (isObject(v)) {
      context.enter(${step});
      if (!(l${i} ??= p${i}.object())(v, context)) { target.${name} = undefined; ${unusable} }
      context.leave();
    }`;

/** Whole numbers from 1 to 999 satisfy every constraint a decimal can have. */
const decimalCode = (name: string): string =>
  `else if (typeof v === 'number' && v >= 1 && v < 1000 && (v | 0) === v) target.${name} = '' + v;`;

/** A member that is absent under its own name may be there under another. */
const aliasCode = (name: string, alias: string, i: number): string => `
    if (v === undefined || v === null) {
      const other = target[${JSON.stringify(alias)}];
      if (other !== undefined && other !== null) {
        v = target.${name} = other; target[${JSON.stringify(alias)}] = undefined;
        k = ${memberStep(alias)}; context.report(p${i}.alias, k);
      }
    }`;

function never(): never {
  throw new TypeError('not an object');
}
