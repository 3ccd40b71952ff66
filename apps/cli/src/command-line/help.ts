import { GROUPS, type Entry } from '../commands.ts';
import type { Options } from './command.ts';
import { table } from './text.ts';

/** The commands below some words: all of them for none. */
export function listing(entries: readonly Entry[], words: readonly string[]): string {
  const about = GROUPS[words.join(' ')] ?? '';
  const usages = entries.map((entry) => `  ${usageOf(entry)}\n      ${entry.about}\n`);
  const more = words.length === 0 ? EXIT_STATUS : '';
  return `${about}\n\n${usages.join('')}\nEach command tells more with --help.${more}\n`;
}

export const usageOf = ({ words, usage }: Entry): string => `npx emp ${[...words, usage].join(' ').trim()}`;

const EXIT_STATUS = ' Exit status: 0 nothing to object to, 1 violations,\n2 wrong use or not possible.';

export function commandHelp(entry: Entry, options: Options, details: string): string {
  const rows = Object.entries(options).map(([name, option]) => [
    `--${name}${option.value === undefined ? '' : ` ${option.value}`}`,
    option.about,
  ]);
  const paragraphs = [usageOf(entry), `${entry.about}.`, details].filter((each) => each !== '');
  return `${paragraphs.join('\n\n')}\n\n${table([...rows, ['--help', 'this text']], { indent: '  ' })}`;
}
