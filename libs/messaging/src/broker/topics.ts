import { crc32 } from 'node:zlib';
import { EmpError } from '@emp/kernel';
import { deadLetterTopic, type TopicSettings } from '@emp/events';

/** Of a topic that keeps the latest event per key, so much of the end is left whole: there, a missing number is a loss. */
export const COMPACTION_RESTS_MS = 86_400_000;

/** Dead letters wait for a person. Their order does not matter. */
const DEAD_LETTERS: TopicSettings = { partitions: 1, keep: { days: 90 } };

/** The topics a broker serves: the declared ones, each with its dead-letter topic. */
export class Topics {
  readonly #settings: ReadonlyMap<string, TopicSettings>;

  constructor(declared: Readonly<Record<string, TopicSettings>>) {
    this.#settings = new Map(
      Object.entries(declared).flatMap(([name, settings]) => [[name, settings], [deadLetterTopic(name), DEAD_LETTERS]]),
    );
  }

  entries(): readonly (readonly [string, TopicSettings])[] {
    return [...this.#settings];
  }

  settings(topic: string): TopicSettings {
    const settings = this.#settings.get(topic);
    if (settings) return settings;
    throw new EmpError('topic-unknown', `topic ${topic} is not declared in the event catalogue`, { retry: 'useless' });
  }

  /** The partition of a key: stable over processes, restarts and brokers. */
  partitionOf(topic: string, key: string): number {
    return crc32(key) % this.settings(topic).partitions;
  }
}
