/** JSON escapes that PostgreSQL refuses in text and jsonb: the character NUL and half surrogate pairs. */
const REFUSED = /\\u(?:0000|d[89a-f])/;

/**
 * The record without characters that no text column takes: one operator's broken character must not cost the page.
 * Nearly always the record itself.
 */
export function storable<T>(record: T): T {
  return REFUSED.test(JSON.stringify(record)) ? (clean(record) as T) : record;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\u0000|\p{Surrogate}/gu, '\uFFFD');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([member, each]) => [clean(member), clean(each)]));
}
