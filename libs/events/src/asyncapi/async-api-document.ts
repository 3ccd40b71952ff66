import { EVENT_CATALOGUE, type EventType } from '../catalogue.ts';
import { deadLetterTopic, TOPICS, type Topic, type TopicSettings } from '../topics.ts';
import { EVENT_SCHEMAS } from './event-schemas.ts';
import { instant, text, type JsonSchema } from './json-schema.ts';

const ref = (...path: readonly string[]): { $ref: string } => ({ $ref: `#/${path.join('/')}` });

const HEADERS: JsonSchema = {
  type: 'object',
  description: 'CloudEvents 1.0 attributes, as texts.',
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: { type: 'string', format: 'uuid', description: 'tells a repeat from a new event' },
    ce_type: text('the name of the event'),
    ce_source: text('the service that published it'),
    ce_time: instant('when it happened'),
    ce_subject: text('the key: events with the same key are in order'),
    ce_sequence: { type: 'string', pattern: String.raw`^\d+$`, description: 'number in this partition of the topic, by source, without gaps' },
    traceparent: text('W3C trace context'),
    replay_for: text('if there, only this consumer group is meant'),
    outdated: { const: 'true', description: 'if there, a later event of the key came before: only its number counts' },
  },
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_subject'],
};

const DEAD_LETTER_HEADERS: JsonSchema = {
  type: 'object',
  description: 'Those of the original, and why it was given up.',
  properties: {
    ...HEADERS.properties,
    dlq_group: text('the consumer group that gave it up'), dlq_topic: text(), dlq_partition: text(), dlq_position: text(),
    dlq_reason: text("the error's slug"), dlq_message: text(), dlq_attempts: text(), dlq_at: instant(),
  },
  required: ['dlq_group', 'dlq_topic', 'dlq_partition', 'dlq_position', 'dlq_reason', 'dlq_message', 'dlq_attempts', 'dlq_at'],
};

/** Everything that travels in the event log, as an AsyncAPI 3 document made from the catalogue. */
export function asyncApiDocument(): Readonly<Record<string, unknown>> {
  const topics = Object.keys(TOPICS) as Topic[];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Events of the e-mobility provider',
      version: '1.0.0',
      description: 'At least once, in the order of each key; ce_id makes repeats recognisable. Events change by adding members.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.flatMap((topic) => [[topic, channel(topic)], [deadLetterTopic(topic), deadLetters(topic)]])),
    operations: Object.fromEntries(topics.map((topic) => [`receive.${topic}`, { action: 'receive', channel: ref('channels', topic) }])),
    components: {
      messages: { ...Object.fromEntries(typesOf().map((type) => [type, message(type)])), DeadLetter: DEAD_LETTER },
      schemas: { EventHeaders: HEADERS, DeadLetterHeaders: DEAD_LETTER_HEADERS, ...EVENT_SCHEMAS },
    },
  };
}

const typesOf = (topic?: Topic): EventType[] =>
  (Object.keys(EVENT_CATALOGUE) as EventType[]).filter((type) => topic === undefined || EVENT_CATALOGUE[type].topic === topic);

function channel(topic: Topic): object {
  const { partitions, keep }: TopicSettings = TOPICS[topic];
  return {
    address: topic,
    description: keep === 'latest-per-key' ? 'The latest event of each key is kept for ever.' : `Events are kept for ${keep.days} days.`,
    messages: Object.fromEntries(typesOf(topic).map((type) => [type, ref('components', 'messages', type)])),
    bindings: { kafka: { topic, partitions, bindingVersion: '0.5.0' } },
  };
}

function deadLetters(topic: Topic): object {
  return {
    address: deadLetterTopic(topic),
    description: `What a consumer group of ${topic} gave up.`,
    messages: { DeadLetter: ref('components', 'messages', 'DeadLetter') },
  };
}

function message(type: EventType): object {
  const { about, samples } = EVENT_CATALOGUE[type];
  return {
    name: type, title: type, summary: about,
    headers: ref('components', 'schemas', 'EventHeaders'),
    payload: ref('components', 'schemas', type),
    bindings: { kafka: { key: text(), bindingVersion: '0.5.0' } },
    examples: samples.map((payload) => ({ payload })),
  };
}

const DEAD_LETTER = {
  name: 'DeadLetter', title: 'DeadLetter', summary: 'An event that a consumer group gave up, unchanged.',
  headers: ref('components', 'schemas', 'DeadLetterHeaders'),
  payload: { description: 'That of the original.' },
};
