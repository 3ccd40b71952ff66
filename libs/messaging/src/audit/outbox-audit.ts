import type { Database } from '@emp/database';
import type { DeliveredEvent } from '../broker/broker.ts';
import { numberOf } from '../inbox/arrivals.ts';
import { readPublished } from '../outbox/outbox-table.ts';
import type { Findings } from './audit-report.ts';
import { NumberSet } from './number-set.ts';

interface Bounds {
  readonly partition: number;
  readonly lowest: bigint;
  readonly highest: bigint;
}

interface PublishedRow {
  readonly sequence: bigint;
  readonly event_id: string;
  readonly event_type: string | null;
  readonly published_at: Date;
}

const PAGE = 5_000;

/** Whether what a service's outbox calls published is in a topic of the log: look at the outbox, read the log, compare. */
export class OutboxAudit {
  readonly #service: string;
  readonly #database: Database;
  readonly #topic: string;
  readonly #partitions: ReadonlyMap<number, Bounds & { readonly seen: NumberSet }>;

  private constructor(service: string, database: Database, topic: string, bounds: readonly Bounds[]) {
    this.#service = service;
    this.#database = database;
    this.#topic = topic;
    this.#partitions = new Map(bounds.map((each) => [each.partition, { ...each, seen: new NumberSet(each.lowest, each.highest) }]));
  }

  /** What is published from now on is left to the next audit. `service` is its `ce_source`. */
  static async begin(service: string, database: Database, topic: string): Promise<OutboxAudit> {
    const bounds = await database.query<Bounds>(
      `SELECT partition, min(sequence) AS lowest, max(sequence) AS highest FROM outbox
       WHERE topic = $1 AND sequence IS NOT NULL AND published_at IS NOT NULL GROUP BY partition ORDER BY partition`,
      [topic],
    );
    return new OutboxAudit(service, database, topic, bounds);
  }

  see(event: DeliveredEvent, findings: Findings): void {
    const number = numberOf(event);
    if (number === undefined || event.headers['ce_source'] !== this.#service) return;
    if (this.#partitions.get(event.partition)?.seen.add(number) === 'again') findings.doubles += 1;
  }

  /** `mayBeOutdated`: the topic keeps the latest event per key, so others may be gone. */
  async compare(findings: Findings, { mayBeOutdated }: { readonly mayBeOutdated: boolean }): Promise<void> {
    for (const { partition, lowest, highest, seen } of this.#partitions.values()) {
      for (let next = lowest; next <= highest;) {
        const rows = await this.#page(partition, next, highest);
        for (const row of rows) {
          if (seen.has(row.sequence) || (mayBeOutdated && (await this.#isOutdated(partition, row.sequence)))) continue;
          findings.add({
            kind: 'not-in-log', service: this.#service, topic: this.#topic, partition, sequence: Number(row.sequence),
            eventId: row.event_id, eventType: row.event_type ?? undefined, publishedAt: row.published_at,
          });
        }
        const last = rows.at(-1);
        if (!last) break;
        next = last.sequence + 1n;
      }
    }
  }

  async #page(partition: number, from: bigint, to: bigint): Promise<PublishedRow[]> {
    return this.#database.query<PublishedRow>(
      `SELECT sequence, event_id, headers->>'ce_type' AS event_type, published_at FROM outbox
       WHERE topic = $1 AND partition = $2 AND sequence BETWEEN $3 AND $4 AND published_at IS NOT NULL ORDER BY sequence LIMIT $5`,
      [this.#topic, partition, from, to, PAGE],
    );
  }

  async #isOutdated(partition: number, sequence: bigint): Promise<boolean> {
    const [row] = await readPublished(this.#database, { topic: this.#topic, partition, from: sequence, to: sequence, limit: 1 });
    return row?.outdated ?? true;
  }
}
