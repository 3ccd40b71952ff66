import { count, facts, printable, table, type Ink } from '../command-line/text.ts';
import type { FeedReading } from './feed-reading.ts';
import { paint } from './findings-text.ts';

/** A feed for a person: how much is in it, how much could not be read, what deviates and how often. */
export function feedText(file: string, feed: FeedReading, ink: Ink): string {
  const { what, operators, records, rejected, findings } = feed;
  return [
    `${ink.bold(printable(file))}: national feed, ${what}\n`,
    facts([
      ['records', `${records} of ${count(operators, 'operator')}`],
      ['unreadable', rejected === 0 ? 'none' : String(rejected)],
    ]),
    table(findings.map((each) => [paint(each.severity, ink), each.code, String(each.count)]), { indent: '  ' }),
    '  we would\n    - keep every record that can be read, with its findings, and name the others\n',
  ].join('');
}
