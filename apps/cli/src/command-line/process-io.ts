import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Io } from './io.ts';

/** The world of this process. `flush` resolves when all output was taken, or nobody takes it any more. */
export function processIo(): { readonly io: Io; readonly flush: () => Promise<void> } {
  const interrupted = new AbortController();
  let readersGone = false;
  for (const stream of [process.stdout, process.stderr]) {
    // `emp … | head`: the reader has seen enough.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      readersGone = true;
      interrupted.abort();
    });
  }
  const io: Io = {
    out: (text) => void (readersGone || process.stdout.write(text)),
    err: (text) => void process.stderr.write(text),
    colours: process.stdout.isTTY === true && !process.env['NO_COLOR'],
    readFile: (path) => readFile(path),
    readStdin: () => buffer(process.stdin),
    stdinIsTerminal: process.stdin.isTTY === true,
    env: process.env,
    projectRoot: fileURLToPath(new URL('../../../..', import.meta.url)),
    // Only now: other commands shall end at once.
    untilInterrupted: () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
      return interrupted.signal;
    },
  };
  const flush = (): Promise<void> =>
    new Promise((resolve) => {
      if (readersGone) resolve();
      else process.stdout.write('', () => resolve());
    });
  return { io, flush };
}
