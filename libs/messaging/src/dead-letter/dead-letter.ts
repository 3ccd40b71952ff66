import type { DeliveredEvent, EventHeaders, OutgoingEvent } from '../broker/broker.ts';
import { deadLetterTopic } from '@emp/events';
import { eventIdOf } from '../cloud-event.ts';

/** On an event that was published again from the dead letters: the group it is meant for. */
export const REPLAY_FOR = 'replay_for';

/** On an event that was repeated only so that its number is not missing: a later one of its key is in the log. */
export const OUTDATED = 'outdated';

/** Why a group gave an event up. */
export interface Verdict {
  /** The error's slug, `event-unreadable`, or `process-killed`. */
  readonly reason: string;
  readonly message: string;
  readonly attempts: number;
}

/** An event that a consumer group could not handle, as it lies in `<topic>.dlq`. */
export interface DeadLetter extends Verdict {
  readonly group: string;
  /** Where it was: topic, partition and position of the original. */
  readonly topic: string;
  readonly partition: number;
  readonly position: string;
  readonly givenUpAt: string;
  readonly eventId: string | undefined;
  readonly eventType: string | undefined;
  readonly key: string;
  /** Those of the original. */
  readonly headers: EventHeaders;
  readonly payload: string;
}

const PREFIX = 'dlq_';
const LONGEST_MESSAGE = 2_000;

/** An error's words as every log and table can keep them: they may quote the event, and PostgreSQL takes no NUL. */
export const keepable = (message: string): string => message.replaceAll('\0', '\uFFFD').slice(0, LONGEST_MESSAGE);

/** The original with its headers, and why it is here. */
export function writeDeadLetter(group: string, original: DeliveredEvent, verdict: Verdict, givenUpAt: Date): OutgoingEvent {
  return {
    topic: deadLetterTopic(original.topic),
    key: original.key,
    headers: {
      ...original.headers,
      dlq_group: group,
      dlq_topic: original.topic,
      dlq_partition: String(original.partition),
      dlq_position: original.position,
      dlq_reason: verdict.reason,
      dlq_message: keepable(verdict.message),
      dlq_attempts: String(verdict.attempts),
      dlq_at: givenUpAt.toISOString(),
    },
    payload: original.payload,
  };
}

export function readDeadLetter({ key, headers, payload }: DeliveredEvent): DeadLetter {
  const why = (name: string): string => headers[`${PREFIX}${name}`] ?? '';
  return {
    group: why('group'),
    topic: why('topic'),
    partition: Number(why('partition')),
    position: why('position'),
    reason: why('reason'),
    message: why('message'),
    attempts: Number(why('attempts')),
    givenUpAt: why('at'),
    eventId: eventIdOf(headers),
    eventType: headers['ce_type'],
    key,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(PREFIX))),
    payload,
  };
}
