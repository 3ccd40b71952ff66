import { parseArgs } from 'node:util';
import { newId } from '@emp/kernel';
import { pause } from '../back-off.ts';
import type { DeliveredEvent, OutgoingEvent } from '../broker/broker.ts';
import { Topics } from '../broker/topics.ts';
import { KafkaBroker } from '../kafka/kafka-broker.ts';
import type { Log } from '../log.ts';
import { LocalKafka } from './local-kafka.ts';

const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const PARTITIONS = 6;
const COPIES = 3;
const BATCH = 100;
const LOAD_MS = 3_000;
const FILLER = 'x'.repeat(400);

/** The longest silence between two signs of life. */
class Pulse {
  #last = performance.now();
  #longest = 0;

  beat(): void {
    const now = performance.now();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
  }

  /** Since the last time it was asked; in seconds. */
  longest(): string {
    const longest = this.#longest;
    this.#longest = 0;
    return `${(longest / 1000).toFixed(1)} s`;
  }
}

/** `npm run bench -- kafka-failover [--kills 3]`: three nodes, the leader of a partition killed (−9) under load. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { kills: { type: 'string', default: '3' } } });
  const kafka = await LocalKafka.start(3);
  try {
    return await failOver(kafka, Number(values.kills));
  } finally {
    await kafka.stop();
  }
}

async function failOver(kafka: LocalKafka, kills: number): Promise<number> {
  const topic = `failover.${newId()}`;
  const open = (clientId: string): Promise<KafkaBroker> =>
    KafkaBroker.open({ brokers: kafka.brokers, clientId, log: quiet, topics: new Topics({ [topic]: { partitions: PARTITIONS, keep: { days: 1 } } }) });
  const [publisher, consumer] = [await open('publisher'), await open('consumer')];
  await publisher.ensureTopics();
  const [published, consumed] = [new Pulse(), new Pulse()];
  const seen = new Map<string, number>();
  const noted = (event: DeliveredEvent): unknown => seen.set(event.payload, (seen.get(event.payload) ?? 0) + 1);
  await consumer.subscribe({ group: 'failover', topics: [topic], onBatch: async ({ events }) => {
    events.forEach(noted);
    consumed.beat();
  } });

  const acknowledged: string[] = [];
  const done = new AbortController();
  const load = (async () => {
    for (let next = 0; !done.signal.aborted; next += BATCH) {
      const events = Array.from({ length: BATCH }, (_, index): OutgoingEvent => ({ topic, key: String(index), headers: {}, payload: `${next + index}:${FILLER}` }));
      while (!(await publisher.publish(events).then(() => true, () => false))) await pause(100);
      acknowledged.push(...events.map(({ payload }) => payload));
      published.beat();
    }
  })();

  const caughtUp = async (): Promise<void> => {
    const target = acknowledged.length;
    while (seen.size < target) await pause(20);
  };
  process.stdout.write('kill  leader of  publishing stood still  consuming stood still\n');
  for (let kill = 1; kill <= kills; kill += 1) {
    await pause(LOAD_MS);
    await caughtUp();
    published.longest();
    consumed.longest();
    const partition = kill % PARTITIONS;
    const leader = await kafka.leaderOf(topic, partition);
    await kafka.kill(leader);
    await pause(LOAD_MS);
    await caughtUp();
    process.stdout.write(`${String(kill).padStart(4)}  ${String(partition).padStart(9)}  ${published.longest().padStart(22)}  ${consumed.longest().padStart(21)}\n`);
    await kafka.restart(leader);
    await kafka.healed(topic, COPIES);
  }
  done.abort();
  await load;
  await caughtUp();
  await Promise.all([publisher.close(), consumer.close()]);
  const lost = acknowledged.filter((payload) => !seen.has(payload)).length;
  const repeated = [...seen.values()].filter((times) => times > 1).length;
  process.stdout.write(`${acknowledged.length} events acknowledged, ${lost} lost, ${repeated} delivered more than once\n`);
  return lost === 0 ? 0 : 1;
}
