/** What is asked of a logger; pino's fits. */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export const noLog: Log = { info: () => undefined };
