import type { Acknowledgement } from '../hbs/ledger.ts';

/** What one topic's log holds, in its order, repeats included. */
export interface PublishedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly topic: string;
  readonly key: string;
  readonly source: string;
  /** Of a `ChargingNotified`: `started`, `ended`, … */
  readonly kind: string | null;
}

/** A row of a service's outbox: its ids are the order in which the service wrote the events of a key. */
export interface WrittenEvent {
  readonly eventId: string;
  readonly topic: string;
  readonly key: string;
  readonly source: string;
}

/** Everything there is to compare, read when all is drained. */
export interface Evidence {
  /** In the order in which they were heard. */
  readonly acknowledged: readonly Acknowledgement[];
  /** Sessions whose record HBS has, acknowledged or not: all of them must be stored in the end, by push or by pull. */
  readonly recorded: readonly string[];
  /** A session per row. */
  readonly sessions: readonly string[];
  readonly notifications: readonly { readonly sessionId: string; readonly kind: string }[];
  readonly cdrs: readonly { readonly sessionId: string; readonly state: string }[];
  readonly charges: readonly { readonly sessionId: string; readonly state: string }[];
  readonly draftLines: readonly string[];
  readonly published: readonly PublishedEvent[];
  /** Of all services, each service's in the order of its outbox. */
  readonly written: readonly WrittenEvent[];
}
