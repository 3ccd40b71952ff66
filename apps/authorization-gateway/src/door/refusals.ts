import type { Log } from '@emp/service-kit';
import type { Meter } from '@opentelemetry/api';

/** Why somebody did not get in, or was sent away at once. */
export type RefusalReason =
  | 'address-not-allowed'
  | 'handshake-failed'
  | 'fingerprint-not-allowed'
  | 'too-many-connections'
  | 'peer-too-busy'
  | 'door-too-busy'
  | 'too-slow'
  | 'header-too-large'
  | 'not-http';

const LINE_EVERY_MS = 10_000;

/** Counts every refusal and logs the first of a kind in ten seconds: who knocks a million times fills no disk. */
export class Refusals {
  readonly #log: Log;
  readonly #counter;
  readonly #silent = new Map<RefusalReason, { until: number; unlogged: number }>();

  constructor(log: Log, meter: Meter) {
    this.#log = log;
    this.#counter = meter.createCounter('door_refusals', {
      description: 'connections and messages refused before they were read, by reason',
    });
  }

  note(reason: RefusalReason, about: Readonly<Record<string, unknown>>): void {
    this.#counter.add(1, { reason });
    const now = performance.now();
    const silent = this.#silent.get(reason);
    if (silent !== undefined && now < silent.until) {
      silent.unlogged += 1;
      return;
    }
    this.#silent.set(reason, { until: now + LINE_EVERY_MS, unlogged: 0 });
    this.#log.warn({ reason, ...about, unloggedBefore: silent?.unlogged ?? 0 }, 'peer refused');
  }
}
