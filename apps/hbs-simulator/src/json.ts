import { Decimal } from '@emp/money';

/** What the simulator writes: JSON whose exact decimals become JSON numbers with all their digits. */
export type Json = string | number | boolean | null | undefined | Decimal | readonly Json[] | { readonly [member: string]: Json };

/** JSON text; `undefined` members are left out, `null` is written, as HBS does (OICP §3). */
export function writeJson(value: Json): string {
  if (value instanceof Decimal) return value.toString();
  if (Array.isArray(value)) return `[${value.map((element: Json) => writeJson(element ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${writeJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The parsed text, or `undefined` if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The first of the members that has text; keys of charging networks are spelled in many ways. */
export function textIn(object: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = object[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
