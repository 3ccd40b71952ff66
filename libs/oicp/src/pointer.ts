/** Escapes one step of an RFC 6901 pointer. */
export function pointerStep(key: string | number): string {
  if (typeof key === 'number') return `/${key}`;
  return key.includes('~') || key.includes('/')
    ? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : `/${key}`;
}

/** Joins steps to an RFC 6901 pointer; no steps make the empty pointer, which means the whole document. */
export function jsonPointer(steps: readonly (string | number)[]): string {
  let pointer = '';
  for (const step of steps) pointer += pointerStep(step);
  return pointer;
}

/** What an RFC 6901 pointer points at, or `undefined`. Looks at own members only. */
export function valueAt(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  if (!pointer.startsWith('/')) return undefined;
  let value = document;
  for (const step of pointer.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
