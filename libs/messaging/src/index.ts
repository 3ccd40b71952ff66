export type {
  Batch, Broker, DeliveredEvent, EventHeaders, Follow, GroupLag, OutgoingEvent, Subscription, SubscriptionRequest,
} from './broker/broker.ts';
export type { GroupMove } from './broker/move-group.ts';
export { openBroker, type BrokerOptions, type KafkaSettings } from './broker/open-broker.ts';
export { decodeEvent, encodeEvent } from './cloud-event.ts';
export { ConsumeEvents, type Consumption } from './inbox/consume-events.ts';
export type { BatchContext } from './inbox/batch-context.ts';
export { EventTransport, type EventTransportOptions } from './inbox/event-transport.ts';
export { topicManifests, type ManifestOptions } from './kafka/topic-manifests.ts';
export type { Log } from './log.ts';
export { Outbox, type OutboxRow } from './outbox/outbox.ts';
export { OutboxRelay, type OutboxRelayOptions } from './outbox/outbox-relay.ts';
export { auditEvents, type AuditRequest } from './audit/audit-events.ts';
export type { ServicePlace } from './service-databases.ts';
export type { AuditReport, Difference } from './audit/audit-report.ts';
export { replayGroup, type ReplayReport, type ReplayRequest } from './replay/replay-group.ts';
export { listDeadLetters, replayDeadLetters, type DeadLetterFilter } from './dead-letter/replay-dead-letters.ts';
export type { DeadLetter } from './dead-letter/dead-letter.ts';
