import { command, JSON_OPTION, onlyWord } from '../command-line/command.ts';
import { facts, ink, json, printable, type Ink } from '../command-line/text.ts';
import type { IdReading } from './id-reading.ts';
import { recogniseId } from './recognise-id.ts';
import { whyNoId } from './why-no-id.ts';

export const id = command({
  options: { json: JSON_OPTION },
  details: `Knows EvseID and EvcoID (ISO 15118 and DIN SPEC 91286), OperatorID, ProviderID, UID and SessionID; a text
may be several of them. Exit status 1 if it is none, or none as the specification wants it written.

  npx emp oicp id DE-8EO-CAet5e4XY-3
  npx emp oicp id 04:4a:2d:aa:85:62:80`,
  run: async ({ words, options }, io) => {
    const text = onlyWord(words, '<text>');
    const readings = recogniseId(text);
    const hints = readings.length === 0 ? whyNoId(text) : [];
    io.out(options.json ? json({ text, readings, hints }) : idText(text, { readings, hints }, ink(io.colours)));
    return readings.some(({ conformant }) => conformant) ? 0 : 1;
  },
});

/** What an id is, for a person. */
export function idText(
  text: string,
  { readings, hints }: { readonly readings: readonly IdReading[]; readonly hints: readonly string[] },
  { bold, red, yellow }: Ink,
): string {
  if (readings.length === 0)
    return `${bold(printable(text))}\n  ${red('no id of OICP 2.3')}\n${hints.map((hint) => `  ${hint}\n`).join('')}`;
  return readings
    .map(
      (reading) =>
        `${bold(printable(text))} is ${article(reading.kind)}, ${reading.grammar}\n${facts([
          ['key', reading.key],
          ['conformant', reading.conformant ? 'yes' : yellow('no, but understood')],
          ['check character', checkText(reading.checkCharacter)],
          ...Object.entries(reading.facts),
          ...reading.odd.map((oddity): [string, string] => [yellow('odd'), oddity]),
        ])}`,
    )
    .join('');
}

const article = (kind: IdReading['kind']): string => `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;

function checkText(check: IdReading['checkCharacter']): string | undefined {
  if (check === undefined) return undefined;
  if (check.written === null) return `none; it would be ${check.expected}`;
  return check.fits ? `${check.written}, it fits` : `${check.written}, computed is ${check.expected}`;
}
