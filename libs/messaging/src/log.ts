type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What is asked of a logger; pino's fits. */
export interface Log {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
