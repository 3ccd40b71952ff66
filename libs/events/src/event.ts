import { newId } from '@emp/kernel';
import type { Topic } from './topics.ts';

/** What an event is: its name, where it travels, what keeps its order, and an example that must parse for ever. */
export interface EventDefinition<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly topic: Topic;
  /** One sentence for the reader of the AsyncAPI document. */
  readonly about: string;
  /** Events with the same key arrive in the order in which they were appended. */
  readonly key: (data: Data) => string;
  readonly samples: readonly [Data, ...Data[]];
}

/** An event on its way: CloudEvents attributes and the facts. `id` makes a repeat recognisable. */
export interface EmpEvent<Data = unknown> {
  readonly id: string;
  readonly type: string;
  readonly topic: Topic;
  readonly key: string;
  /** RFC 3339 instant at which it happened, UTC. */
  readonly time: string;
  readonly data: Data;
  /** W3C trace context of the use case that caused it. */
  readonly traceparent?: string;
}

export type DataOf<Definition> = Definition extends EventDefinition<string, infer Data> ? Data : never;

export function defineEvent<const Type extends string, Data>(
  definition: EventDefinition<Type, Data>,
): EventDefinition<Type, Data> {
  return definition;
}

/** Makes an event ready for the outbox. Ids are time-ordered unless one is given. */
export function newEvent<Data>(
  definition: EventDefinition<string, Data>,
  data: Data,
  at: { readonly time: Date; readonly id?: string; readonly traceparent?: string },
): EmpEvent<Data> {
  return {
    id: at.id ?? newId(),
    type: definition.type,
    topic: definition.topic,
    key: definition.key(data),
    time: at.time.toISOString(),
    data,
    ...(at.traceparent === undefined ? {} : { traceparent: at.traceparent }),
  };
}

/** Narrows an event that was read from a topic: `if (isEvent(CdrAcceptedV1, event)) event.data.sessionId`. */
export function isEvent<Data>(
  definition: EventDefinition<string, Data>,
  event: EmpEvent,
): event is EmpEvent<Data> {
  return event.type === definition.type;
}
