import type { DeadLetter } from '@emp/messaging';
import { command, JSON_OPTION, onlyWord } from '../command-line/command.ts';
import { facts, ink, json, printable, type Ink } from '../command-line/text.ts';
import { lettersOf, nameOf } from './dlq-list.ts';
import { bodyOf } from './event-text.ts';
import { withLog } from './open-log.ts';
import { TOPIC_NAMES } from './topic-named.ts';

export const show = command({
  options: { json: JSON_OPTION },
  details: `An event whose id cannot be read is named by its place, <topic>/<partition>/<position>, as in dlq list.
Exit status 1 if there is none.`,
  run: async ({ words, options }, io) => {
    const name = onlyWord(words, '<event id>');
    const letters = (await withLog(io, (broker) => lettersOf(broker, TOPIC_NAMES))).filter(
      (letter) => nameOf(letter) === name,
    );
    if (options.json) io.out(json(letters.map(({ payload, ...letter }) => ({ ...letter, data: bodyOf(payload) }))));
    else
      io.out(
        letters.length === 0
          ? 'no such dead letter\n'
          : letters.map((letter) => letterText(letter, ink(io.colours))).join('\n'),
      );
    return letters.length === 0 ? 1 : 0;
  },
});

export function letterText(letter: DeadLetter, { bold, red }: Ink): string {
  const body = bodyOf(letter.payload);
  const headers = Object.entries(letter.headers).map(([name, value]): [string, string] => [
    printable(name),
    printable(value),
  ]);
  return [
    `${bold(printable(letter.eventType ?? '(no type)'))}, ${red(`given up by ${printable(letter.group)}`)}\n`,
    facts([
      ['reason', printable(`${letter.reason}: ${letter.message}`)],
      ['tries', String(letter.attempts)],
      ['given up at', printable(letter.givenUpAt)],
      ['was at', printable(`${letter.topic}, partition ${letter.partition}, ${letter.position}`)],
      ['key', printable(letter.key)],
    ]),
    '  headers\n',
    facts(headers, '    '),
    '  payload\n',
    `${(typeof body === 'string' ? printable(body) : JSON.stringify(body, null, 2)).replaceAll(/^/gm, '    ')}\n`,
  ].join('');
}
