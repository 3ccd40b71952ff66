import { STATUS_CODES, statusCodeEntry, type KnownStatusCode, type StatusCodeEntry } from '@emp/oicp';
import { command, JSON_OPTION, onlyWord } from '../command-line/command.ts';
import { facts, ink, json, table, type Ink } from '../command-line/text.ts';
import { WrongUse } from '../command-line/wrong-use.ts';
import { CODE_ADVICE, type CodeAdvice } from './code-advice.ts';

export const codes = command({
  options: { json: JSON_OPTION },
  details: `Without a code: all 31 of OICP 2.3. Exit status 1 for a code that OICP does not list.

  npx emp oicp codes 102`,
  run: async ({ words, options }, io) => {
    if (words.length === 0) {
      // JavaScript puts keys that look like numbers before those with a leading zero.
      const all = Object.values(STATUS_CODES).map(advised).toSorted((one, other) => (one.code < other.code ? -1 : 1));
      io.out(
        options.json
          ? json(all)
          : table(all.map(({ code, description, senders }) => [code, description, `said by ${senders.join(', ')}`])),
      );
      return 0;
    }
    const code = onlyWord(words, '<code>');
    if (!/^\d{3}$/.test(code)) throw new WrongUse('a status code is three digits', padded(code));
    const entry = statusCodeEntry(code);
    if (entry) io.out(options.json ? json(advised(entry)) : codeText(advised(entry), ink(io.colours)));
    else
      io.out(
        options.json
          ? json({ code, listed: false, advice: unlisted(code) })
          : `${code}  not a code of OICP 2.3\n  ${unlisted(code)}\n`,
      );
    return entry ? 0 : 1;
  },
});

type AdvisedCode = StatusCodeEntry & { readonly advice: CodeAdvice };

const advised = (entry: StatusCodeEntry): AdvisedCode => ({
  ...entry,
  advice: CODE_ADVICE[entry.code as KnownStatusCode],
});

/** A code, for a person. */
export function codeText({ code, description, group, senders, meaning, advice }: AdvisedCode, { bold }: Ink): string {
  return `${bold(code)}  ${description}\n${facts([
    ['means', meaning],
    ['group', group],
    ['said by', senders.join(', ')],
    ['told it', advice.told],
    ['say it', advice.saying],
  ])}`;
}

const padded = (code: string): string | undefined =>
  /^\d{1,2}$/.test(code) ? `leading zeros count: ${code.padStart(3, '0')}` : undefined;

/** Operators send codes of their own (E-54). */
function unlisted(code: string): string {
  const guide = ['401', '404', '500'].includes(code)
    ? 'Hubject’s integration guide adds it, like the HTTP status; '
    : '';
  return `${guide}codes beyond the list occur (E-54): keep it, treat it as a refusal`;
}
