import type { Member } from '../member/member.ts';
import type { MemberType } from '../member/member-type.ts';
import { missing, spelledDifferently } from './complaints.ts';
import type { Complaint, ReadContext } from './context.ts';
import { valueReaderOf, type ValueReader } from './value-reader.ts';

export type CompiledReader = (source: Readonly<Record<string, unknown>>, context: ReadContext) => object | undefined;

/** What the generated code refers to, one per member. */
interface MemberParts {
  readonly read: ValueReader;
  readonly missing: Complaint;
  readonly alias: Complaint;
  /** Recognises the regular case without a call into the reader. */
  readonly regular: RegExp | ReadonlySet<string> | undefined;
}

/**
 * Makes one function per class that looks at every member once: its own name first, then its aliases; the regular
 * value passes through, everything else goes to the member's reader. Generated because a loop over a table of members
 * costs three times as much, and pages have 100 000 members. The source is made of member names that our own classes
 * declare, never of input.
 */
export function compileReader(name: string, members: readonly Member[]): CompiledReader {
  const parts = members.map((member): MemberParts => ({
    read: valueReaderOf(member.type),
    missing: missing(member),
    alias: spelledDifferently(member),
    regular: regularOf(member.type),
  }));
  const body = [
    `return function read${name}(source, context) {`,
    '  let usable = true;',
    ...members.map((member, index) => memberCode(member, index, parts[index]!)),
    '  if (!usable) return undefined;',
    `  return { ${members.map((member, index) => `${member.name}: v${index}`).join(', ')} };`,
    '};',
  ].join('\n');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, no-new-func -- see above; ajv does the same
  return (new Function('parts', partsAsConstants(parts.length) + body) as (parts: readonly MemberParts[]) => CompiledReader)(parts);
}

const partsAsConstants = (length: number): string =>
  Array.from({ length }, (_, i) => `const p${i} = parts[${i}], r${i} = p${i}.read, f${i} = p${i}.regular;\n`).join('');

function memberCode({ name, aliases = [], presence, type }: Member, i: number, { regular }: MemberParts): string {
  const step = aliases.length === 0 ? JSON.stringify(name) : `k${i}`;
  const essential = presence === 'essential';
  const lines = [
    ...(aliases.length === 0 ? [] : [`  let k${i} = ${JSON.stringify(name)};`]),
    `  let v${i} = source.${name};`,
  ];
  for (const alias of aliases) {
    const key = JSON.stringify(alias);
    lines.push(
      `  if (v${i} === undefined || v${i} === null) {`,
      `    v${i} = source[${key}];`,
      `    if (v${i} !== undefined && v${i} !== null) { k${i} = ${key}; context.report(p${i}.alias, ${key}); }`,
      '  }',
    );
  }
  const absent = [
    `v${i} = undefined;`,
    ...(presence === 'optional' ? [] : [`context.report(p${i}.missing, ${JSON.stringify(name)});`]),
    ...(essential ? ['usable = false;'] : []),
  ].join(' ');
  lines.push(
    `  if (v${i} === undefined || v${i} === null) { ${absent} }`,
    `  else if (!(${regularCode(type, i, regular)})) {`,
    `    v${i} = r${i}(v${i}, ${step}, context);`,
    ...(essential ? [`    if (v${i} === undefined) usable = false;`] : []),
    '  }',
  );
  return lines.join('\n');
}

/** The condition under which a value may stay as it is. */
function regularCode(type: MemberType, i: number, regular: MemberParts['regular']): string {
  if (type.shape === 'flag') return `typeof v${i} === 'boolean'`;
  if (type.shape === 'any') return 'true';
  if (type.shape !== 'text' || regular === undefined) return 'false';
  return `typeof v${i} === 'string' && f${i}.${regular instanceof RegExp ? 'test' : 'has'}(v${i})`;
}

function regularOf(type: MemberType): MemberParts['regular'] {
  if (type.shape !== 'text') return undefined;
  if (type.literals !== undefined) return new Set(type.literals);
  if (type.strict !== undefined) return type.strict;
  const [only, ...others] = type.constraints;
  const pattern = only?.schema.pattern;
  return typeof pattern === 'string' && others.length === 0 ? new RegExp(pattern) : undefined;
}
