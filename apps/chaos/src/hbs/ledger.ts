/** What we said yes to, as the caller heard it. */
export type AcknowledgedKind = 'authorized' | 'started' | 'ended' | 'record';

export interface Acknowledgement {
  readonly sessionId: string;
  readonly kind: AcknowledgedKind;
  readonly at: number;
}

/**
 * What came over the wire, kept by the process that nobody kills: the first acknowledgement of each message in the
 * order in which they were heard, and every record that HBS has, whether forwarded or not.
 */
export class Ledger {
  readonly acknowledged: Acknowledgement[] = [];
  readonly #records: { readonly sessionId: string; readonly receivedMs: number; readonly text: string }[] = [];
  readonly #heard = new Set<string>();
  readonly #deliveries = new Map<string, number>();
  /** Messages that were never acknowledged; they may or may not have been taken. */
  unacknowledged = 0;

  acknowledge(sessionId: string, kind: AcknowledgedKind): void {
    const message = `${sessionId} ${kind}`;
    if (this.#heard.has(message)) return;
    this.#heard.add(message);
    this.acknowledged.push({ sessionId, kind, at: Date.now() });
  }

  /** HBS has the record before it forwards it. */
  keepRecord(sessionId: string, text: string): void {
    this.#records.push({ sessionId, receivedMs: Date.now(), text });
  }

  /** Records that HBS received in the window, ends included, oldest first. */
  recordsBetween(fromMs: number, toMs: number): readonly string[] {
    return this.#records
      .filter(({ receivedMs }) => receivedMs >= fromMs && receivedMs <= toMs)
      .map(({ text }) => text);
  }

  get recordedSessions(): readonly string[] {
    return this.#records.map(({ sessionId }) => sessionId);
  }

  countDelivery(what: string): void {
    this.#deliveries.set(what, (this.#deliveries.get(what) ?? 0) + 1);
  }

  /** How often each fault of a delivery happened. */
  get deliveries(): ReadonlyMap<string, number> {
    return this.#deliveries;
  }
}
