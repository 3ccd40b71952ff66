import type { GroupLag } from '@emp/messaging';
import { command, JSON_OPTION, noWords } from '../command-line/command.ts';
import { json, table } from '../command-line/text.ts';
import { withLog } from './open-log.ts';

export interface TopicLag {
  readonly group: string;
  readonly topic: string;
  readonly behind: number;
  readonly oldestUnreadAt: Date | null;
}

export const lag = command({
  options: {
    group: { type: 'string', value: '<group>', about: 'only this consumer group' },
    json: { ...JSON_OPTION, about: 'print one JSON document instead, partition by partition' },
  },
  details: 'Exit status 1 if there is no such group.',
  run: async ({ words, options }, io) => {
    noWords(words);
    const all = await withLog(io, (broker) => broker.lag());
    const asked = all.filter(({ group }) => options.group === undefined || group === options.group);
    io.out(options.json ? json(asked) : asked.length === 0 ? noGroup(all) : lagText(byGroupAndTopic(asked), new Date()));
    return asked.length === 0 && options.group !== undefined ? 1 : 0;
  },
});

/** The partitions of a group in a topic together. */
export function byGroupAndTopic(partitions: readonly GroupLag[]): readonly TopicLag[] {
  const sums = new Map<string, TopicLag>();
  for (const { group, topic, behind, oldestUnreadAt } of partitions) {
    const name = `${group}\n${topic}`;
    const sum = sums.get(name);
    sums.set(name, {
      group,
      topic,
      behind: (sum?.behind ?? 0) + behind,
      oldestUnreadAt: earlier(sum?.oldestUnreadAt ?? null, oldestUnreadAt),
    });
  }
  return [...sums.values()];
}

function noGroup(all: readonly GroupLag[]): string {
  const others = [...new Set(all.map(({ group }) => group))];
  return others.length === 0 ? 'no consumer group\n' : `no such consumer group; there are ${others.join(', ')}\n`;
}

export function lagText(lags: readonly TopicLag[], now: Date): string {
  return table([
    ['group', 'topic', 'behind', 'oldest unread'],
    ...lags.map(({ group, topic, behind, oldestUnreadAt }) => [
      group,
      topic,
      String(behind),
      oldestUnreadAt === null ? '–' : age(oldestUnreadAt, now),
    ]),
  ]);
}

const earlier = (one: Date | null, other: Date | null): Date | null =>
  one === null || (other !== null && other < one) ? other : one;

/** `3 s`, `5 min`, `2 h`, `4 d`. */
export function age(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
