import { markLongNumbers } from '../numbers/long-literals.ts';

/** JSON text or bytes to value, with long number literals marked; a byte order mark is ignored. */
export function parseJson(text: string | Uint8Array): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  try {
    const json = typeof text === 'string' ? text : new TextDecoder().decode(text);
    const value: unknown = JSON.parse(markLongNumbers(json.charCodeAt(0) === 0xfeff ? json.slice(1) : json));
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}

/** A copy of a JSON value, down to the last member. Throws for circles and for whatever throws when it is looked at. */
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  // `fromEntries` makes own members of any name, `__proto__` included.
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)]));
}
