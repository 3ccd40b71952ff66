/** What PostgreSQL cannot keep as text or JSON: the null character and halves of surrogate pairs. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** The text with the replacement character for what cannot be stored; the sealed record keeps it as it came. */
export function storable(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD');
}

export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_member, inner: unknown) => (typeof inner === 'string' ? storable(inner) : inner));
}
