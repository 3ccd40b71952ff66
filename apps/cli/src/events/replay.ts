import { replayGroup, type ReplayReport } from '@emp/messaging';
import { command, JSON_OPTION, noWords } from '../command-line/command.ts';
import { count, json, printable, table } from '../command-line/text.ts';
import { WrongUse } from '../command-line/wrong-use.ts';
import { withLog } from './open-log.ts';
import { SERVICES_DETAILS, servicePlaces } from './services.ts';

export const replay = command({
  options: {
    group: { type: 'string', value: '<group>', about: 'the consumer group, e.g. billing.evses' },
    from: { type: 'string', value: 'beginning|<instant>', about: 'all that is kept, or what came since, e.g. 2026-05-01T00:00:00Z' },
    'dry-run': { type: 'boolean', about: 'only say what would be handled again' },
    json: JSON_OPTION,
  },
  details: `Only for groups that build a read model; others would repeat their effects. The service goes on meanwhile, the
group itself rests for some seconds. To build anew from nothing, delete the rows of the read model before; but not
those that hold the past of a topic that keeps only the latest event of each key, which --dry-run names.

${SERVICES_DETAILS}

  npx emp events replay --group billing.evses --from beginning --dry-run`,
  run: async ({ words, options }, io) => {
    noWords(words);
    const { group, from } = options;
    if (group === undefined) throw new WrongUse('--group is missing');
    const since = instantOf(from);
    const dryRun = options['dry-run'] === true;
    const services = await servicePlaces(io);
    const report = await withLog(io, (broker) =>
      replayGroup({ broker, services, group, from: since, mode: dryRun ? 'dry-run' : 'replay' }),
    );
    io.out(options.json ? json({ group, from, dryRun, ...report }) : replayText(group, report, dryRun ? 'would be' : 'are'));
    return 0;
  },
});

function instantOf(from: string | undefined): 'beginning' | Date {
  if (from === undefined) throw new WrongUse('--from is missing', '--from beginning, or an instant');
  if (from === 'beginning') return from;
  const instant = new Date(from);
  if (!isInstant(from, instant)) throw new WrongUse(`${from} is no instant`, 'for example 2026-05-01T00:00:00Z');
  if (instant.getTime() > Date.now()) throw new WrongUse(`${from} is in the future`, 'nothing can have come since');
  return instant;
}

/** `Date` takes nearly everything: `5` is May, the 30th of February is in March, and without a zone it is that of this machine. */
function isInstant(text: string, instant: Date): boolean {
  const day = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.exec(text)?.[1];
  return day !== undefined && !Number.isNaN(instant.getTime()) && new Date(day).toISOString().startsWith(day);
}

export function replayText(group: string, { events, forgotten, latestOnly }: ReplayReport, verb: 'would be' | 'are'): string {
  const total = Object.values(events).reduce((sum, each) => sum + each, 0);
  const rows = Object.entries(events).map(([type, number]) => [printable(type), String(number)]);
  const again = forgotten > 0 ? `, ${forgotten} of which it had handled before` : '';
  const warning = latestOnly.length === 0 ? '' : `${latestOnly.join(', ')}: only the latest event of each key is kept; ` +
    'what earlier ones told stays only in rows that are not dropped\n';
  return `${count(total, 'event')} ${verb} handled by ${group}${again}\n${table(rows, { indent: '  ' })}${warning}`;
}
