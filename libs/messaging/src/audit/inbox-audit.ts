import type { Database } from '@emp/database';
import { inOrder, type Batch, type DeliveredEvent, type GroupLag } from '../broker/broker.ts';
import { isGivenUp } from '../inbox/failure-table.ts';
import { findUnseen } from '../inbox/inbox-table.ts';
import { isReadable, lettersFor, type Letter } from '../inbox/letter.ts';
import type { Findings } from './audit-report.ts';

const PAGE = 500;

/** Whether a group has handled, or given up, everything of a topic that it has passed. */
export class InboxAudit {
  readonly #group: string;
  readonly #database: Database;
  /** By partition; what comes after is not passed. */
  readonly #passed: ReadonlyMap<number, string>;
  /** What was handled longer ago, the inbox has forgotten. */
  readonly #since: Date;
  #page: DeliveredEvent[] = [];

  /** `lag` from before the log is read. */
  constructor({ group, database, lag, topic, since }: { group: string; database: Database; lag: readonly GroupLag[]; topic: string; since: Date }) {
    this.#group = group;
    this.#database = database;
    this.#since = since;
    this.#passed = new Map(lag.flatMap((each) =>
      (each.group === group && each.topic === topic && typeof each.passed === 'string' ? [[each.partition, each.passed] as const] : [])));
  }

  async see(event: DeliveredEvent, findings: Findings): Promise<void> {
    const passed = this.#passed.get(event.partition);
    if (passed === undefined || event.appendedAt < this.#since || !inOrder(event.position, passed)) return;
    if (this.#page.length === PAGE || (this.#page[0]?.partition ?? event.partition) !== event.partition) await this.compare(findings);
    this.#page.push(event);
  }

  async compare(findings: Findings): Promise<void> {
    const [first, ...others] = this.#page;
    this.#page = [];
    if (!first) return;
    const stream = { group: this.#group, topic: first.topic, partition: first.partition };
    const batch: Batch = { ...stream, events: [first, ...others], revoked: new AbortController().signal };
    const letters = lettersFor(this.#group, batch);
    const readable = letters.filter(isReadable);
    const unseen: Letter[] = await findUnseen(this.#database, stream, readable);
    for (const letter of letters) if (!isReadable(letter) && !(await isGivenUp(this.#database, stream, letter))) unseen.push(letter);
    for (const letter of unseen) {
      findings.add({
        kind: 'not-handled', ...stream, position: letter.delivered.position,
        eventId: letter.delivered.headers['ce_id'], eventType: letter.delivered.headers['ce_type'],
      });
    }
  }
}
