import { listDeadLetters, type Broker, type DeadLetter, type DeadLetterFilter } from '@emp/messaging';
import { command, JSON_OPTION, onlyWord } from '../command-line/command.ts';
import { json, printable, table } from '../command-line/text.ts';
import { withLog } from './open-log.ts';
import { TOPIC_NAMES, topicNamed } from './topic-named.ts';

export const FILTER_OPTIONS = {
  group: { type: 'string', value: '<group>', about: 'those this consumer group gave up' },
  reason: { type: 'string', value: '<slug>', about: 'those given up for this reason' },
  type: { type: 'string', value: '<type>', about: 'events of this type, e.g. CdrAccepted' },
} as const;

export const list = command({
  options: { ...FILTER_OPTIONS, json: JSON_OPTION },
  details: 'Dead letters are kept for their time, also after they were replayed.',
  run: async ({ words, options }, io) => {
    const topics = words.length === 0 ? TOPIC_NAMES : [topicNamed(onlyWord(words, '<topic>'))];
    const letters = await withLog(io, (broker) => lettersOf(broker, topics, filterOf(options)));
    io.out(options.json ? json(letters) : lettersText(letters));
    return 0;
  },
});

export function filterOf(options: {
  readonly group?: string;
  readonly reason?: string;
  readonly type?: string;
  readonly event?: string;
}): DeadLetterFilter {
  const { group, reason, type, event } = options;
  return {
    ...(group !== undefined && { group }),
    ...(reason !== undefined && { reason }),
    ...(type !== undefined && { eventType: type }),
    ...(event !== undefined && { eventId: event }),
  };
}

export async function lettersOf(
  broker: Broker,
  topics: readonly string[],
  filter: DeadLetterFilter = {},
): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const topic of topics) letters.push(...(await listDeadLetters(broker, topic, filter)));
  return letters;
}

/** What `dlq show` takes: the event's id, or its place if it has none that can be read. */
export const nameOf = ({ eventId, topic, partition, position }: DeadLetter): string =>
  eventId ?? `${topic}/${partition}/${position}`;

export function lettersText(letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return 'no dead letters\n';
  return table([
    ['given up at', 'group', 'topic', 'type', 'event', 'tries', 'reason'],
    ...letters.map((letter) =>
      [
        letter.givenUpAt,
        letter.group,
        letter.topic,
        letter.eventType ?? '–',
        nameOf(letter),
        String(letter.attempts),
        `${letter.reason}: ${letter.message}`,
      ].map(printable),
    ),
  ]);
}
