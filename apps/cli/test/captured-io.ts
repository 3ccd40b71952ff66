import type { ExitStatus, Io } from '../src/command-line/io.ts';
import { run } from '../src/index.ts';

export interface World {
  /** Contents by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly stdin?: string;
  readonly env?: Io['env'];
  readonly colours?: boolean;
  readonly until?: AbortSignal;
  readonly onOut?: (text: string) => void;
}

export interface Outcome {
  readonly status: ExitStatus;
  readonly out: string;
  readonly err: string;
}

/** Runs `npx emp …` in a world without disk, terminal or environment, and keeps what it says. */
export async function emp(
  line: string | readonly string[],
  { files = {}, stdin, env = {}, colours = false, until, onOut }: World = {},
): Promise<Outcome> {
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => {
      said.out += text;
      onOut?.(text);
    },
    err: (text) => {
      said.err += text;
    },
    colours,
    readFile: async (path) => {
      const content = files[path];
      if (content === undefined)
        throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: 'ENOENT' });
      return Buffer.from(content);
    },
    readStdin: async () => Buffer.from(stdin ?? ''),
    stdinIsTerminal: stdin === undefined,
    env,
    projectRoot: '/checkout',
    untilInterrupted: () => until ?? new AbortController().signal,
  };
  const status = await run(typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line, io);
  return { status, ...said };
}
