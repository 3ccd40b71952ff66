import { auditEvents, type AuditReport, type Difference } from '@emp/messaging';
import { command, JSON_OPTION, noWords } from '../command-line/command.ts';
import { count, json, printable, table } from '../command-line/text.ts';
import { withLog } from './open-log.ts';
import { SERVICES_DETAILS, servicePlaces } from './services.ts';

export const audit = command({
  options: { json: JSON_OPTION },
  details: `What an outbox calls published must be in the log; what a consumer group has passed, it must have handled or given
up; no number may be missing. Reads everything, while everything runs. Exit status 1 if something differs.

${SERVICES_DETAILS}`,
  run: async ({ words, options }, io) => {
    noWords(words);
    const services = await servicePlaces(io);
    const report = await withLog(io, (broker) => auditEvents({ broker, services }));
    io.out(options.json ? json(report) : auditText(report));
    return report.differences.length === 0 ? 0 : 1;
  },
});

export function auditText({ events, doubles, waiting, counts, differences }: AuditReport): string {
  const total = counts['not-in-log'] + counts['not-handled'] + counts.gap;
  const looked = `${count(events, 'event')} in the log, ${doubles} of them twice (harmless), ${waiting} waiting to be published`;
  if (total === 0) return `${looked}: nothing is missing\n`;
  const more = total > differences.length ? `and ${total - differences.length} more\n` : '';
  return `${looked}: ${count(total, 'difference')}\n${table([['what', 'whose', 'topic', 'partition', 'which'], ...differences.map(row)])}${more}`;
}

function row(difference: Difference): readonly string[] {
  const { topic, partition } = difference;
  return cells(difference).toSpliced(2, 0, topic, String(partition)).map(printable);
}

/** What, whose, which. */
function cells(difference: Difference): string[] {
  switch (difference.kind) {
    case 'not-in-log':
      return ['published, not in the log', difference.service, `${difference.eventType ?? '–'} ${difference.eventId ?? '–'}, number ${difference.sequence}`];
    case 'not-handled':
      return ['passed, not handled', difference.group, `${difference.eventType ?? '–'} ${difference.eventId ?? '–'} at ${difference.position}`];
    case 'gap': {
      const ranges = difference.ranges.map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
      return ['never came', difference.group, `${count(difference.count, 'number')} of ${difference.source}: ${ranges}`];
    }
  }
}
