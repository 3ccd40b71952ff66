import { facts, printable, type Ink } from '../command-line/text.ts';
import { DIRECTIONS } from './endpoints.ts';
import type { Explanation } from './explain.ts';
import { findingsCount, findingsText } from './findings-text.ts';

/** An explanation for a person. */
export function explanationText(
  explanation: Explanation,
  { most, ink }: { readonly most: number; readonly ink: Ink },
): string {
  const { file, kind, recognised, findings, weWould } = explanation;
  const name = ink.bold(printable(file));
  if (kind === undefined) return `${name}: ${ink.red('no message of OICP 2.3')}, ${recognised.reason}\n`;
  return [
    `${name}: ${kind}\n`,
    facts([
      [
        'recognised',
        howRecognised(recognised),
      ],
      ...wayOf(explanation).map((way): [string, string] => ['belongs to', way]),
      ...explanation.facts,
      ['wrong', findings.length === 0 ? 'nothing to object to' : findingsCount(findings)],
    ]),
    findingsText(findings, { most, ink }),
    '  we would\n',
    ...weWould.map((step) => `    - ${printable(step)}\n`),
  ].join('');
}

const MOST_OPERATIONS = 3;

/** A reply that answers many operations is not told with each of them. */
function wayOf({ operations }: Explanation): readonly string[] {
  if (operations.length > MOST_OPERATIONS)
    return [`the replies to ${operations.map(({ operation }) => operation).join(', ')}`];
  return operations.map(({ operation, direction, method, path, as }) =>
    as === 'request'
      ? `${operation}, ${DIRECTIONS[direction]}, ${method} ${path}`
      : `the reply to ${operation}, ${direction === 'emp-to-hbs' ? 'HBS → EMP' : 'EMP → HBS'}`,
  );
}

const howRecognised = ({ confidence, reason }: Explanation['recognised']): string =>
  `${confidence}: ${reason}${confidence === 'certain' ? '' : ' (--kind, if it is another)'}`;
