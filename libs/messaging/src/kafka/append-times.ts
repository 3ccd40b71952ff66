import type { Admin } from 'kafkajs';
import { persistently } from './persistently.ts';

const FIRST_AGE_MS = 1_000;
const OLDEST_AGE_MS = 400 * 86_400_000;
/** Near enough: a tenth of a second, or a twentieth of the age. */
const NEAR_MS = 100;
const NEAR_SHARE = 0.05;
const MOST_REMEMBERED = 10_000;

/**
 * When events were appended, found without reading them: Kafka tells which offset follows an instant, so the instant of
 * an offset is closed in on. Needs topics whose timestamps are those of the append.
 */
export class AppendTimes {
  readonly #admin: Admin;
  readonly #known = new Map<string, Date>();

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  /** The instant of the event at an offset that is in the log, a little too early rather than too late. */
  async of(topic: string, partition: number, offset: bigint, now = Date.now()): Promise<Date> {
    const name = `${topic}/${partition}/${offset}`;
    const known = this.#known.get(name);
    if (known) return known;
    const found = new Date(await this.#closeIn((instant) => this.#isAppendedSince(topic, partition, offset, instant), now));
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(name, found);
    return found;
  }

  async #closeIn(isAppendedSince: (instant: number) => Promise<boolean>, now: number): Promise<number> {
    let age = FIRST_AGE_MS;
    while (age < OLDEST_AGE_MS && !(await isAppendedSince(now - age))) age *= 4;
    let [since, until] = [now - age, age === FIRST_AGE_MS ? now : now - age / 4];
    while (until - since > Math.max(NEAR_MS, (now - since) * NEAR_SHARE)) {
      const middle = Math.floor((since + until) / 2);
      if (await isAppendedSince(middle)) since = middle;
      else until = middle;
    }
    return since;
  }

  /** Kafka answers with the first offset at or after the instant, or the end if there is none. */
  async #isAppendedSince(topic: string, partition: number, offset: bigint, instant: number): Promise<boolean> {
    const offsets = await persistently(() => this.#admin.fetchTopicOffsetsByTimestamp(topic, instant));
    const first = offsets.find((each) => each.partition === partition);
    return first !== undefined && BigInt(first.offset) <= offset;
  }
}
