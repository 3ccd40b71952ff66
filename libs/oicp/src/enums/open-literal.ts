/** A literal of an enumeration, or one that is newer or wronger than it: unknown values are kept as they came. */
export type OpenLiteral<Known extends string> = Known | (string & Record<never, never>);
