import { deadLetterTopic } from '@emp/events';
import type { Broker } from '../broker/broker.ts';
import { readDeadLetter, REPLAY_FOR, type DeadLetter } from './dead-letter.ts';

export interface DeadLetterFilter {
  readonly group?: string;
  readonly eventId?: string;
  readonly eventType?: string;
  readonly reason?: string;
}

/** The dead letters of a topic (`emp.cdr.v1`, not its `.dlq`) in the order in which they were given up, each once. */
export async function listDeadLetters(broker: Broker, topic: string, filter: DeadLetterFilter = {}): Promise<DeadLetter[]> {
  const letters = new Map<string, DeadLetter>();
  for await (const delivered of broker.read(deadLetterTopic(topic))) {
    const letter = readDeadLetter(delivered);
    // A crash between writing the letter and noting it writes it twice.
    if (matches(letter, filter)) letters.set(`${letter.group}/${letter.partition}/${letter.position}`, letter);
  }
  return [...letters.values()];
}

/**
 * Publishes dead letters to their topic again, for the group that gave them up and no other: it handles each that it
 * has not handled meanwhile. They come after everything else of their key. Returns how many were published.
 */
export async function replayDeadLetters(broker: Broker, topic: string, filter: DeadLetterFilter = {}): Promise<number> {
  const letters = await listDeadLetters(broker, topic, filter);
  await broker.publish(letters.map(({ key, headers, payload, group }) => ({ topic, key, headers: { ...headers, [REPLAY_FOR]: group }, payload })));
  return letters.length;
}

function matches(letter: DeadLetter, { group, eventId, eventType, reason }: DeadLetterFilter): boolean {
  return (
    (group === undefined || letter.group === group) &&
    (eventId === undefined || letter.eventId === eventId) &&
    (eventType === undefined || letter.eventType === eventType) &&
    (reason === undefined || letter.reason === reason)
  );
}
