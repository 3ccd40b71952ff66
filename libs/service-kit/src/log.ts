import type { LoggerService } from '@nestjs/common';
import { pino, type Logger, type LevelWithSilentOrString } from 'pino';

export type Log = Logger;

/** One JSON line per event, on standard output or appended to a file; `service` is in each. */
export function createLog(service: string, level: LevelWithSilentOrString, file?: string): Log {
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination(file === undefined ? 1 : { dest: file, append: true, mkdir: true }),
  );
}

/** Nest's own words, as structured lines; its start-up prose is kept to `debug`. */
export class NestLog implements LoggerService {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  log(message: unknown, context?: unknown): void {
    this.#log.debug({ context }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#log.error({ context: rest.at(-1), stack: rest.length > 1 ? rest[0] : undefined }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.#log.warn({ context }, String(message));
  }
}
