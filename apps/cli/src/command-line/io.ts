/** 0: done, nothing to object to. 1: violations were found. 2: wrong use, or it could not be done. */
export type ExitStatus = 0 | 1 | 2;

/** All that a command sees of the world. */
export interface Io {
  /** Writes what was asked for. */
  readonly out: (text: string) => void;
  /** Writes what is said about it. */
  readonly err: (text: string) => void;
  /** Whether `out` shows colours. */
  readonly colours: boolean;
  /** @throws Error of Node if the file cannot be read. */
  readonly readFile: (path: string) => Promise<Uint8Array>;
  readonly readStdin: () => Promise<Uint8Array>;
  /** Nobody pipes anything in. */
  readonly stdinIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the checkout, absolute. */
  readonly projectRoot: string;
  /** For commands that go on until they are told to stop: aborts on Ctrl-C, or when nobody reads any more. */
  readonly untilInterrupted: () => AbortSignal;
}
