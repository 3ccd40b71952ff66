import { replayDeadLetters } from '@emp/messaging';
import { command, JSON_OPTION, onlyWord } from '../command-line/command.ts';
import { count, json } from '../command-line/text.ts';
import { WrongUse } from '../command-line/wrong-use.ts';
import { FILTER_OPTIONS, filterOf, lettersOf } from './dlq-list.ts';
import { withLog } from './open-log.ts';
import { topicNamed } from './topic-named.ts';

export const replay = command({
  options: {
    event: { type: 'string', value: '<id>', about: 'the dead letters of this event' },
    ...FILTER_OPTIONS,
    all: { type: 'boolean', about: 'every dead letter of the topic' },
    'dry-run': { type: 'boolean', about: 'only count them' },
    json: JSON_OPTION,
  },
  details: `They are published to their topic again, behind everything else of their key. Only the group that gave them
up handles them, and only what it has not handled since: to repeat a replay is harmless. Exit status 1 if none matches.

  npx emp events dlq replay emp.cdr.v1 --group billing.rate-cdr --dry-run`,
  run: async ({ words, options }, io) => {
    const topic = topicNamed(onlyWord(words, '<topic>'));
    const filter = filterOf(options);
    if (options.all === true && Object.keys(filter).length > 0) throw new WrongUse('--all goes without a filter');
    if (!options.all && Object.keys(filter).length === 0) {
      throw new WrongUse('say which: --event, --group, --reason, --type, or --all');
    }
    const dryRun = options['dry-run'] === true;
    const letters = await withLog(io, async (broker) =>
      dryRun ? (await lettersOf(broker, [topic], filter)).length : replayDeadLetters(broker, topic, filter),
    );
    const done = dryRun ? 'would be' : letters === 1 ? 'was' : 'were';
    const sentence = `${count(letters, 'dead letter')} of ${topic} ${done} published again\n`;
    io.out(options.json ? json({ topic, ...filter, dryRun, letters }) : sentence);
    return letters === 0 ? 1 : 0;
  },
});
