import { granted, messageOf, refused, type Decision } from '@emp/kernel';
import type { EmpEvent, Topic } from '@emp/events';
import type { EventHeaders, OutgoingEvent } from './broker/broker.ts';

/** The event as it travels: CloudEvents attributes in the headers, the facts as JSON. */
export function encodeEvent(event: EmpEvent, source: string): OutgoingEvent {
  return {
    topic: event.topic,
    key: event.key,
    headers: {
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: event.type,
      ce_source: source,
      ce_time: event.time,
      ce_subject: event.key,
      ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
    },
    payload: JSON.stringify(event.data),
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of an event, if its headers carry one that can be recognised again. */
export function eventIdOf(headers: EventHeaders): string | undefined {
  const id = headers['ce_id'];
  return id !== undefined && UUID.test(id) ? id : undefined;
}

export function decodeEvent({ topic, key, headers, payload }: OutgoingEvent): Decision<EmpEvent, 'event-unreadable'> {
  const id = eventIdOf(headers);
  const { ce_type: type, ce_time: time, traceparent } = headers;
  if (id === undefined) return refused('event-unreadable', 'header ce_id is not a UUID');
  if (type === undefined || time === undefined) return refused('event-unreadable', 'header ce_type or ce_time is missing');
  try {
    const data: unknown = JSON.parse(payload);
    return granted({ id, type, topic: topic as Topic, key, time, data, ...(traceparent === undefined ? {} : { traceparent }) });
  } catch (error) {
    return refused('event-unreadable', `the body is not JSON: ${messageOf(error)}`);
  }
}
