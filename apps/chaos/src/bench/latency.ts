import { setTimeout as pause } from 'node:timers/promises';
import { recordOf, type Load } from './load.ts';

const LATEST_AFTER_MS = 30_000;

export interface Latency {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly count: number;
}

/** Sends records at an even rate and reads the log along: the time from sending until `ChargeRated` can be read. */
export async function latencyAt(
  load: Load,
  { first, perSecond, records }: { first: number; perSecond: number; records: number },
): Promise<Latency> {
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  const read = new AbortController();
  const broker = await load.stack.broker();
  const reading = (async () => {
    for await (const { key } of broker.read('emp.billing.v1', { from: 'now', until: read.signal })) {
      const sent = sentAt.get(key);
      if (sent !== undefined && sentAt.delete(key)) took.push(performance.now() - sent);
    }
  })();
  // The reader has to be at the end of the log before the first record.
  await pause(1_000);
  const begun = performance.now();
  const underWay: Promise<unknown>[] = [];
  for (let index = 0; index < records; index += 1) {
    const early = begun + (index * 1000) / perSecond - performance.now();
    if (early > 1) await pause(early);
    const { sessionId, text } = recordOf(load, first + index);
    sentAt.set(sessionId, performance.now());
    underWay.push(load.door.send('record', text).then((yes) => yes || sentAt.delete(sessionId)));
  }
  await Promise.all(underWay);
  const deadline = performance.now() + LATEST_AFTER_MS;
  while (sentAt.size > 0 && performance.now() < deadline) await pause(50);
  read.abort();
  await reading;
  await broker.close();
  const sorted = took.sort((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), count: sorted.length };
}
