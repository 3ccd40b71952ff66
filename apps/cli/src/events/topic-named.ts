import { deadLetterTopic, TOPICS } from '@emp/events';
import { nearest } from '../command-line/nearest.ts';
import { WrongUse } from '../command-line/wrong-use.ts';

export const TOPIC_NAMES: readonly string[] = Object.keys(TOPICS);

/** The topic meant by a word: its name, or the part of it that tells (`cdr` for `emp.cdr.v1`). */
export function topicNamed(word: string): string {
  return known(word, TOPIC_NAMES);
}

/** A topic, or a topic of dead letters. */
export function anyTopicNamed(word: string): string {
  return known(word, [...TOPIC_NAMES, ...TOPIC_NAMES.map(deadLetterTopic)]);
}

function known(word: string, names: readonly string[]): string {
  const name =
    names.find((each) => each === word) ??
    names.find((each) => each === `emp.${word}.v1` || each === `emp.${word.replace(/\.dlq$/, '')}.v1.dlq`);
  if (name !== undefined) return name;
  const meant = nearest(word, names);
  throw new WrongUse(
    `there is no topic ${word}`,
    meant === undefined ? `known are ${TOPIC_NAMES.join(', ')}` : `did you mean ${meant}?`,
  );
}
