import { parseArgs } from 'node:util';
import type { ExitStatus, Io } from './io.ts';
import { nearest } from './nearest.ts';
import { WrongUse } from './wrong-use.ts';

export interface Option {
  readonly type: 'boolean' | 'string';
  /** What it does, for `--help`. */
  readonly about: string;
  /** What is given to it, for `--help`: `<group>`. */
  readonly value?: string;
}

export type Options = Readonly<Record<string, Option>>;

type Values<O extends Options> = { readonly [Name in keyof O]?: O[Name]['type'] extends 'boolean' ? boolean : string };

/** A command as the dispatcher sees it. */
export interface Command {
  readonly options: Options;
  /** Below the usage line of `--help`: what the words mean, an example. */
  readonly details: string;
  readonly run: (args: readonly string[], io: Io) => Promise<ExitStatus>;
}

interface Definition<O extends Options> {
  readonly options: O;
  readonly details: string;
  readonly run: (
    given: { readonly words: readonly string[]; readonly options: Values<O> },
    io: Io,
  ) => Promise<ExitStatus>;
}

/** Makes a command of its options and what it does with what was given. */
export function command<const O extends Options>({ options, details, run }: Definition<O>): Command {
  return { options, details, run: async (args, io) => run(read<O>(args, options), io) };
}

function read<O extends Options>(
  args: readonly string[],
  options: O,
): { readonly words: readonly string[]; readonly options: Values<O> } {
  try {
    const known = Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }]));
    const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true });
    return { words: positionals, options: values as Values<O> };
  } catch (error) {
    throw wrongOption((error as Error).message, Object.keys(options));
  }
}

function wrongOption(message: string, known: readonly string[]): WrongUse {
  const unknown = /^Unknown option '-{1,2}([^']+)'/.exec(message)?.[1];
  // Node goes on to explain how to pass words that look like options.
  if (unknown === undefined) return new WrongUse(message.split(/\. (?=[A-Z])/, 1)[0] ?? message);
  const meant = nearest(unknown, known);
  return new WrongUse(`there is no option --${unknown}`, meant === undefined ? undefined : `did you mean --${meant}?`);
}

/** The only word, e.g. of `id <text>`. */
export function onlyWord(words: readonly string[], name: string): string {
  const [word, ...others] = words;
  if (word === undefined) throw new WrongUse(`${name} is missing`);
  if (others.length > 0) throw new WrongUse(`one ${name} is expected, ${words.length} were given`);
  return word;
}

/** Of commands that take options only. */
export function noWords([word]: readonly string[]): void {
  if (word !== undefined) throw new WrongUse(`what is ${word}?`, 'options only are expected');
}

export const JSON_OPTION = { type: 'boolean', about: 'print one JSON document instead of text' } as const;
