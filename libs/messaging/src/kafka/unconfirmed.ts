import type { OutgoingEvent } from '../broker/broker.ts';

interface Sent {
  readonly event: OutgoingEvent;
  readonly durable: Promise<void>;
}

/** So many events are remembered; beyond, the oldest are forgotten and may be written twice, which inboxes know. */
const MOST = 20_000;

/**
 * Events of which the caller does not know whether they are in the log, because it was told of a failure. It will
 * publish them again; then they are recognised by everything that they are made of.
 */
export class Unconfirmed {
  readonly #sent = new Map<string, Promise<void>[]>();

  keep(events: readonly Sent[]): void {
    for (const { event, durable } of events) {
      const name = nameOf(event);
      this.#sent.set(name, [...(this.#sent.get(name) ?? []), durable]);
      durable.catch(() => this.#forget(name, durable));
    }
    for (const name of this.#sent.keys()) {
      if (this.#sent.size <= MOST) return;
      this.#sent.delete(name);
    }
  }

  /** The promise of the event's being durable, if it is one of these; it is then no longer one of them. */
  take(event: OutgoingEvent): Promise<void> | undefined {
    if (this.#sent.size === 0) return undefined;
    const name = nameOf(event);
    const [first] = this.#sent.get(name) ?? [];
    if (first) this.#forget(name, first);
    return first;
  }

  #forget(name: string, durable: Promise<void>): void {
    const others = (this.#sent.get(name) ?? []);
    const index = others.indexOf(durable);
    if (index < 0) return;
    if (others.length === 1) this.#sent.delete(name);
    else this.#sent.set(name, others.toSpliced(index, 1));
  }
}

const nameOf = ({ topic, key, headers, payload }: OutgoingEvent): string => JSON.stringify([topic, key, headers, payload]);
