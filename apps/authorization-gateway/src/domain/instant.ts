/** Milliseconds since 1970-01-01T00:00Z. Rules compare numbers; edges speak RFC 3339. */
export type EpochMillis = number;

export const isoOf = (at: EpochMillis | null): string | null => (at === null ? null : new Date(at).toISOString());
