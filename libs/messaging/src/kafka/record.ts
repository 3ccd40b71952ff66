import type { KafkaMessage, Message } from 'kafkajs';
import type { DeliveredEvent, OutgoingEvent } from '../broker/broker.ts';
import { REPLAY_FOR } from '../dead-letter/dead-letter.ts';

/** Ends the event's key inside a record's key; no key of ours contains it. */
const END_OF_KEY = '\0';

/** An event as a Kafka record for a partition that was chosen already. */
export function toRecord({ key, headers, payload }: OutgoingEvent, partition: number): Message {
  const replayFor = headers[REPLAY_FOR];
  // A replayed dead letter is an old event at a late place. Under the key of its own it cannot, in a compacted topic,
  // make the latest event of that key disappear.
  return { key: replayFor === undefined ? key : `${key}${END_OF_KEY}${replayFor}`, value: payload, headers: { ...headers }, partition };
}

/** What a consumer is given. */
export function fromRecord(topic: string, partition: number, { offset, key, value, headers, timestamp }: KafkaMessage): DeliveredEvent {
  return {
    topic,
    partition,
    position: offset,
    key: (key?.toString() ?? '').split(END_OF_KEY, 1)[0] ?? '',
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, header]) => [name, textOf(header)])),
    payload: value?.toString() ?? '',
    appendedAt: new Date(Number(timestamp)),
  };
}

/** A repeated header is an array; ours are not, the last one counts. NUL, which PostgreSQL keeps in no text, is replaced. */
function textOf(header: Buffer | string | (Buffer | string)[] | undefined): string {
  return String((Array.isArray(header) ? header.at(-1) : header) ?? '').replaceAll('\0', '\uFFFD');
}

/** About how many bytes a record takes, for batches that stay below the broker's limit. */
export function sizeOf({ key, value, headers }: Message): number {
  let size = 40 + lengthOf(key) + lengthOf(value);
  for (const [name, header] of Object.entries(headers ?? {})) size += name.length + 4 + lengthOf(header);
  return size;
}

const lengthOf = (part: unknown): number => (typeof part === 'string' ? Buffer.byteLength(part) : 0);
