/** Bounds set before anything is parsed: what comes from a partner may be hostile, and a meter's record is small. */
export const LIMITS = {
  /** Characters of one signed value; the largest record known has 4 400, OICP allows 3 000. */
  valueChars: 65_536,
  /** Characters of a whole file of the transparency software. */
  fileChars: 4 * 1024 * 1024,
  /** Wrappings around one value (base64 around JSON around base64 …). */
  rounds: 4,
  /** Nesting of JSON and XML. */
  depth: 32,
  /** Elements of one XML document, values in one file, readings in one record. */
  xmlElements: 50_000,
  values: 1_000,
  readings: 1_000,
  keyChars: 4_096,
  /** OICP cuts at 3 000 characters: a broken value this long was probably cut, not forged. */
  truncatedFrom: 2_990,
} as const;
