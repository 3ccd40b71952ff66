import { ERRATA, erratumOf, type Erratum } from '@emp/oicp';
import { command, JSON_OPTION, onlyWord } from '../command-line/command.ts';
import { facts, ink, json, table, type Ink } from '../command-line/text.ts';
import { WrongUse } from '../command-line/wrong-use.ts';

export const errata = command({
  options: { json: JSON_OPTION },
  details: `Without an id: all of them. Findings name the erratum they belong to.

  npx emp oicp errata E-29`,
  run: async ({ words, options }, io) => {
    if (words.length === 0) {
      io.out(
        options.json ? json(ERRATA) : table(ERRATA.map(({ id, where, disagreement }) => [id, where, disagreement])),
      );
      return 0;
    }
    const id = idOf(onlyWord(words, '<id>'));
    const entry = erratumOf(id);
    if (entry) io.out(options.json ? json(entry) : erratumText(entry, ink(io.colours)));
    else
      io.out(
        options.json
          ? json({ id, registered: false })
          : `${id} is not in the register, which ends with ${ERRATA.at(-1)?.id ?? 'nothing'}\n`,
      );
    return entry ? 0 : 1;
  },
});

export function erratumText({ id, where, disagreement, weRead, weSend }: Erratum, { bold }: Ink): string {
  return `${bold(id)}  ${where}\n${facts([
    ['disagreement', disagreement],
    ['we read', weRead],
    ['we send', weSend],
  ])}`;
}

/** `E-07` of `e-07`, `E7` or `7`. */
function idOf(word: string): string {
  const number = /^(?:e-?)?(\d{1,3})$/i.exec(word)?.[1];
  if (number === undefined) throw new WrongUse(`${word} is no id of an erratum`, 'for example E-29');
  return `E-${String(Number(number)).padStart(2, '0')}`;
}
