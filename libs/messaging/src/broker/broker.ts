import type { GroupMove } from './move-group.ts';

/**
 * The event log as the rest of the system sees it; PostgreSQL and Kafka stand behind it, and one contract suite tests
 * both. Topics have partitions; events with one key are in one partition, in the order in which they were published.
 * Delivery is at least once: what was handled and not yet noted is delivered again after a crash.
 */
export interface Broker {
  readonly kind: 'postgres' | 'kafka';
  /** Creates the declared topics that do not exist; throws `topic-changed` if one exists with other partitions. */
  ensureTopics(): Promise<void>;
  /** Appends in the given order. Resolves when all of them are durable; after a rejection publish all of them again. */
  publish(events: readonly OutgoingEvent[]): Promise<void>;
  /**
   * Delivers the topics to a consumer group from the beginning, or from where the group stopped. The members of a group
   * (one subscription each, in whatever process) share the partitions.
   */
  subscribe(subscription: SubscriptionRequest): Promise<Subscription>;
  /**
   * What a topic holds now, partition by partition; with `follow` also what is appended later, until told to end. For
   * people and tools, not for consumers: leaves no trace of a group.
   */
  read(topic: string, follow?: Follow): AsyncIterable<DeliveredEvent>;
  /** How far each group is behind, per partition. */
  lag(): Promise<GroupLag[]>;
  /** Moves a group back, never forward. Throws `group-running` if one of its members is at work. */
  moveGroup(move: GroupMove): Promise<void>;
  close(): Promise<void>;
}

/** To go on with what is appended while one reads. */
export interface Follow {
  readonly from: 'beginning' | 'now';
  readonly until: AbortSignal;
}

export type EventHeaders = Readonly<Record<string, string>>;

export interface OutgoingEvent {
  readonly topic: string;
  /** Decides the partition. */
  readonly key: string;
  readonly headers: EventHeaders;
  readonly payload: string;
}

export interface DeliveredEvent extends OutgoingEvent {
  readonly partition: number;
  /** The place in the partition: opaque, unique in it. */
  readonly position: string;
  readonly appendedAt: Date;
}

/** Consecutive events of one partition. */
export interface Batch {
  readonly topic: string;
  readonly partition: number;
  readonly events: readonly [DeliveredEvent, ...DeliveredEvent[]];
  /** Aborted when the partition now belongs to another member: what is done from then on is done there, too. */
  readonly revoked: AbortSignal;
}

export interface SubscriptionRequest {
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Called with one batch at a time per partition, with different partitions side by side. When it resolves, the group
   * has passed the batch; when it rejects, the same events come again after a while.
   */
  readonly onBatch: (batch: Batch) => Promise<void>;
}

export interface Subscription {
  /** No further batch; resolves when those under way are done and the partitions are free for others. */
  stop(): Promise<void>;
}

export interface GroupLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** Events not passed yet. */
  readonly behind: number;
  /** When the oldest of them was appended. */
  readonly oldestUnreadAt: Date | null;
  /** The place of the last event that was passed; `null` if none was. */
  readonly passed?: string | null;
}

/** Whether a place is not after another one in the same partition. */
export function inOrder(position: string, other: string): boolean {
  const [one, two] = [position, other].map((text) => text.split('-').map(BigInt));
  for (const [index, part] of (one ?? []).entries()) {
    const against = two?.[index] ?? 0n;
    if (part !== against) return part < against;
  }
  return true;
}
