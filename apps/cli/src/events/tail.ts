import { command, onlyWord } from '../command-line/command.ts';
import { ink } from '../command-line/text.ts';
import { WrongUse } from '../command-line/wrong-use.ts';
import { eventJson, eventLine } from './event-text.ts';
import { withLog } from './open-log.ts';
import { anyTopicNamed } from './topic-named.ts';

export const tail = command({
  options: {
    from: { type: 'string', value: 'beginning|now', about: 'where to begin; now, if not given' },
    key: { type: 'string', value: '<key>', about: 'only events of this key, e.g. a SessionID' },
    once: { type: 'boolean', about: 'show what is there from the beginning and end' },
    json: { type: 'boolean', about: 'print each event as a line of JSON' },
  },
  details: `The topic may be shortened: cdr is emp.cdr.v1. No consumer group is left behind. Partitions come side by
side: only events of one key are in order.

  npx emp events tail session --key b2688855-7f00-0002-6d8e-48d883f6abb6 --from beginning`,
  run: async ({ words, options }, io) => {
    const topic = anyTopicNamed(onlyWord(words, '<topic>'));
    const from = startOf(options);
    const colours = ink(io.colours);
    await withLog(io, async (broker) => {
      const until = io.untilInterrupted();
      for await (const event of options.once ? broker.read(topic) : broker.read(topic, { from, until })) {
        if (until.aborted) break;
        if (options.key !== undefined && event.key !== options.key) continue;
        io.out(options.json ? `${JSON.stringify(eventJson(event))}\n` : eventLine(event, colours));
      }
    });
    return 0;
  },
});

function startOf({ from = 'now', once }: { readonly from?: string; readonly once?: boolean }): 'beginning' | 'now' {
  if (from !== 'beginning' && from !== 'now') throw new WrongUse(`--from is beginning or now, not ${from}`);
  return once ? 'beginning' : from;
}
