/** JSON escapes that PostgreSQL refuses in text and jsonb: the character NUL and half surrogate pairs. */
const REFUSED = /\\u(?:0000|d[89a-f])/;

/** A value and its JSON text, both without characters that no text column takes. */
export interface Storable<T> {
  readonly value: T;
  readonly text: string;
}

/** One operator's broken character must not cost the page. Nearly always the value itself. */
export function storable<T>(value: T): Storable<T> {
  const text = JSON.stringify(value);
  if (!REFUSED.test(text)) return { value, text };
  const cleaned = clean(value) as T;
  return { value: cleaned, text: JSON.stringify(cleaned) };
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\u0000|\p{Surrogate}/gu, '\uFFFD');
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([member, each]) => [clean(member), clean(each)]));
}
