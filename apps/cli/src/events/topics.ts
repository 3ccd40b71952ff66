import { deadLetterTopic, EVENT_CATALOGUE, TOPICS, type Topic, type TopicSettings } from '@emp/events';
import type { Broker, GroupLag } from '@emp/messaging';
import { command, JSON_OPTION, noWords } from '../command-line/command.ts';
import { count, json, table } from '../command-line/text.ts';
import { withLog } from './open-log.ts';
import { byGroupAndTopic } from './lag.ts';

interface TopicState {
  readonly topic: string;
  readonly partitions: number;
  readonly keep: TopicSettings['keep'];
  readonly types: readonly string[];
  readonly groups: readonly { readonly group: string; readonly behind: number }[];
  /** Only when they were counted. */
  readonly events?: number;
  readonly deadLetters?: number;
}

export const topics = command({
  options: { count: { type: 'boolean', about: 'count events and dead letters; reads all of them' }, json: JSON_OPTION },
  details: '',
  run: async ({ words, options }, io) => {
    noWords(words);
    const states = await withLog(io, async (broker) => {
      const described = describeTopics(await broker.lag());
      return options.count ? Promise.all(described.map((state) => counted(broker, state))) : described;
    });
    io.out(options.json ? json(states) : topicsText(states));
    return 0;
  },
});

/** The topics of the catalogue with the groups that read them. */
export function describeTopics(lag: readonly GroupLag[]): readonly TopicState[] {
  const groups = byGroupAndTopic(lag);
  return Object.entries(TOPICS).map(([topic, settings]) => ({
    topic,
    ...settings,
    types: Object.values(EVENT_CATALOGUE)
      .filter((definition) => definition.topic === (topic as Topic))
      .map(({ type }) => type),
    groups: groups.filter((each) => each.topic === topic).map(({ group, behind }) => ({ group, behind })),
  }));
}

export function topicsText(states: readonly TopicState[]): string {
  const counts = states.some(({ events }) => events !== undefined);
  return table([
    ['topic', 'partitions', 'keeps', ...(counts ? ['events', 'dead letters'] : []), 'groups', 'carries'],
    ...states.map(({ topic, partitions, keep, types, groups, events, deadLetters }) => [
      topic,
      String(partitions),
      keep === 'latest-per-key' ? 'latest per key' : count(keep.days, 'day'),
      ...(counts ? [String(events ?? ''), String(deadLetters ?? '')] : []),
      groups.map(({ group, behind }) => (behind === 0 ? group : `${group} (${behind} behind)`)).join(', ') || '–',
      types.join(', '),
    ]),
  ]);
}

async function counted(broker: Broker, state: TopicState): Promise<TopicState> {
  return {
    ...state,
    events: await countEvents(broker, state.topic),
    deadLetters: await countEvents(broker, deadLetterTopic(state.topic)),
  };
}

async function countEvents(broker: Broker, topic: string): Promise<number> {
  let events = 0;
  for await (const _ of broker.read(topic)) events += 1;
  return events;
}
