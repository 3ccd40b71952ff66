import type { Gap } from '../inbox/sequence-table.ts';

interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly eventId: string | undefined;
  readonly eventType: string | undefined;
}

/** What should not be. */
export type Difference =
  /** The outbox says it was published, the log does not hold it. */
  | (Place & { readonly kind: 'not-in-log'; readonly service: string; readonly sequence: number; readonly publishedAt: Date })
  /** The group has passed it, and neither handled it nor given it up. */
  | (Place & { readonly kind: 'not-handled'; readonly group: string; readonly position: string })
  /** Numbers a group was never given; their repeat is asked for. */
  | ({ readonly kind: 'gap' } & Gap);

export interface AuditReport {
  /** Events of the log that were looked at. */
  readonly events: number;
  /** Events that lie in the log more than once, as after a crash between publishing and marking: harmless. */
  readonly doubles: number;
  /** Events that wait to be published. */
  readonly waiting: number;
  /** How many differences of each kind there are. */
  readonly counts: Readonly<Record<Difference['kind'], number>>;
  /** The first thousand of each kind. */
  readonly differences: readonly Difference[];
}

const NAMED = 1_000;

/** Gathers what an audit finds, in bounded memory. */
export class Findings {
  events = 0;
  doubles = 0;
  waiting = 0;
  readonly #counts = { 'not-in-log': 0, 'not-handled': 0, gap: 0 };
  readonly #differences: Difference[] = [];

  add(difference: Difference): void {
    this.#counts[difference.kind] += 1;
    if (this.#counts[difference.kind] <= NAMED) this.#differences.push(difference);
  }

  report(): AuditReport {
    const { events, doubles, waiting } = this;
    return { events, doubles, waiting, counts: { ...this.#counts }, differences: this.#differences };
  }
}
