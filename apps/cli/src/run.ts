import { EmpError, messageOf } from '@emp/kernel';
import { COMMANDS, GROUPS, type Entry } from './commands.ts';
import { commandHelp, listing, usageOf } from './command-line/help.ts';
import type { ExitStatus, Io } from './command-line/io.ts';
import { nearest } from './command-line/nearest.ts';
import { NotPossible, WrongUse } from './command-line/wrong-use.ts';

/** Runs a command line without its program name. Never throws; what is wrong goes to `io.err`. */
export async function run(argv: readonly string[], io: Io): Promise<ExitStatus> {
  const args = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  const entry = COMMANDS.find(({ words }) => words.every((word, index) => args[index] === word));
  try {
    if (!entry) return tellGroup(args, io);
    const command = await entry.load();
    const given = args.slice(entry.words.length);
    if (asksForHelp(given)) {
      io.out(commandHelp(entry, command.options, command.details));
      return 0;
    }
    return await command.run(given, io);
  } catch (error) {
    io.err(complaint(error, entry));
    return 2;
  }
}

/** The commands of a group, because they were asked for or because none of them was named. */
function tellGroup(args: readonly string[], io: Io): ExitStatus {
  const words = groupOf(args);
  const entries = COMMANDS.filter((entry) => words.every((word, index) => entry.words[index] === word));
  const next = args[words.length];
  if (next !== undefined && !next.startsWith('-')) {
    const siblings = [...new Set(entries.flatMap((entry) => entry.words[words.length] ?? []))];
    const meant = nearest(next, siblings);
    const advice = meant === undefined ? `known are ${siblings.join(', ')}` : `did you mean "${meant}"?`;
    throw new WrongUse(`there is no command "${['emp', ...words, next].join(' ')}"`, advice);
  }
  const asked = asksForHelp(args);
  (asked ? io.out : io.err)(listing(entries, words));
  return asked ? 0 : 2;
}

/** The words in front that name a group. */
function groupOf(args: readonly string[]): readonly string[] {
  let words: readonly string[] = [];
  while (args.length > words.length && GROUPS[args.slice(0, words.length + 1).join(' ')] !== undefined)
    words = args.slice(0, words.length + 1);
  return words;
}

function asksForHelp(args: readonly string[]): boolean {
  const options = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  return options.includes('--help') || options.includes('-h');
}

function complaint(error: unknown, entry: Entry | undefined): string {
  if (error instanceof WrongUse) return `${advised(error)}${entry ? `usage: ${usageOf(entry)}\n` : ''}`;
  if (error instanceof NotPossible) return advised(error);
  if (error instanceof EmpError) return `emp: ${error.message} (${error.slug})\n`;
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return `emp: this is a mistake of the program, not yours: ${messageOf(error)}\n${stack}\n`;
}

const advised = ({ message, advice }: WrongUse | NotPossible): string =>
  `emp: ${message}${advice === undefined ? '' : `; ${advice}`}\n`;
