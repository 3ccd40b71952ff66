import type { Log } from '../src/log.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Keeps what is logged instead of printing it. */
export class SilentLog implements Log {
  readonly lines: LogLine[] = [];
  readonly info = this.#keep('info');
  readonly warn = this.#keep('warn');
  readonly error = this.#keep('error');

  #keep(level: LogLine['level']): Log['info'] {
    return (fields, message) => { this.lines.push({ level, message, fields }); };
  }
}
