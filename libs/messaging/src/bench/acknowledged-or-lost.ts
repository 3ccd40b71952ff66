import kafkajs, { type Producer } from 'kafkajs';
import { newId } from '@emp/kernel';
import { pause } from '../back-off.ts';
import type { OutgoingEvent } from '../broker/broker.ts';
import { Topics } from '../broker/topics.ts';
import { KafkaBroker } from '../kafka/kafka-broker.ts';
import type { Log } from '../log.ts';
import type { LocalKafka } from './local-kafka.ts';

export interface Verdict {
  readonly acknowledged: number;
  /** Acknowledged, and not in the log. */
  readonly lost: number;
  /** More than once in the log. */
  readonly doubled: number;
  /** Later than an event of the same key that was published after it; repeats do not count. */
  readonly outOfOrder: number;
  readonly kills: number;
  /** The longest time between two acknowledgements. */
  readonly stallMs: number;
}

export interface Experiment {
  readonly kafka: LocalKafka;
  /** `on`: as we publish. `off`: several sends under way at once, across partitions, and on to the next after a rejection. */
  readonly rules: 'on' | 'off';
  readonly kills: number;
  readonly log: Log;
}

const PARTITIONS = 6;
const WRITERS = 8;
const BATCH = 50;
const COPIES = 3;
const LOAD_BEFORE_MS = 700;
/** A failover takes a second or two. After one, a careless producer may be rejected for ever; that is not waited for. */
const FAILOVER_WITHIN_MS = 10_000;
const FILLER = 'x'.repeat(400);

/** Writes while leaders are killed, then compares what was acknowledged with what is there. */
export async function acknowledgedOrLost({ kafka, rules, kills, log }: Experiment): Promise<Verdict> {
  const topic = `loss.${rules}.${newId()}`;
  const broker = await KafkaBroker.open({
    brokers: kafka.brokers, clientId: 'loss', log,
    topics: new Topics({ [topic]: { partitions: PARTITIONS, keep: { days: 1 } } }),
    // Shorter than a failover, so that publishing is rejected and repeated.
    publishPatienceMs: 1_000,
  });
  await broker.ensureTopics();
  const sender = rules === 'on' ? carefully(broker) : await carelessly(kafka, topic);
  const acknowledged: string[] = [];
  const done = new AbortController();
  let [last, stallMs] = [performance.now(), 0];
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let next = 0; !done.signal.aborted; next += BATCH) {
      const events = Array.from({ length: BATCH }, (_each, index): OutgoingEvent =>
        ({ topic, key: `${writer}/${index % 10}`, headers: {}, payload: `${writer}:${next + index}:${FILLER}` }));
      if (!(await sender.send(events))) continue;
      acknowledged.push(...events.map(({ payload }) => payload));
      stallMs = Math.max(stallMs, performance.now() - last);
      last = performance.now();
    }
  });
  for (let kill = 0; kill < kills; kill += 1) {
    await pause(LOAD_BEFORE_MS + Math.random() * 300);
    const leader = await kafka.leaderOf(topic, kill % PARTITIONS);
    const before = acknowledged.length;
    await kafka.kill(leader);
    const until = performance.now() + FAILOVER_WITHIN_MS;
    while (acknowledged.length < before + 10 * BATCH && performance.now() < until) await pause(50);
    await kafka.restart(leader);
    await kafka.healed(topic, COPIES);
  }
  done.abort();
  await Promise.all(writers);
  await sender.close();
  const found: { key: string; payload: string }[] = [];
  for await (const event of broker.read(topic)) found.push(event);
  await broker.close();
  return { ...compare(acknowledged, found), kills, stallMs: Math.round(stallMs) };
}

function compare(acknowledged: readonly string[], found: readonly { key: string; payload: string }[]): Omit<Verdict, 'kills' | 'stallMs'> {
  const seen = new Set<string>();
  const lastOfKey = new Map<string, number>();
  let [doubled, outOfOrder] = [0, 0];
  for (const { key, payload } of found) {
    if (seen.has(payload)) {
      doubled += 1;
      continue;
    }
    seen.add(payload);
    const number = Number(payload.split(':')[1]);
    if (number < (lastOfKey.get(key) ?? -1)) outOfOrder += 1;
    lastOfKey.set(key, number);
  }
  return { acknowledged: acknowledged.length, lost: acknowledged.filter((payload) => !seen.has(payload)).length, doubled, outOfOrder };
}

interface Sender {
  /** Whether it was acknowledged. */
  send(events: readonly OutgoingEvent[]): Promise<boolean>;
  close(): Promise<void>;
}

/** As the relay does it: the same again after a rejection. */
function carefully(broker: KafkaBroker): Sender {
  return {
    send: async (events) => {
      for (;;) {
        const acknowledged = await broker.publish(events).then(() => true, () => false);
        if (acknowledged) return true;
        await pause(100);
      }
    },
    close: () => Promise.resolve(),
  };
}

/** As kafkajs invites one to: idempotent, acks=all, and none of the four rules. */
async function carelessly(kafka: LocalKafka, topic: string): Promise<Sender> {
  const producer: Producer = new kafkajs.Kafka({ brokers: [...kafka.brokers], clientId: 'careless', logLevel: kafkajs.logLevel.NOTHING })
    .producer({ idempotent: true, createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    send: (events) => producer
      .send({ topic, acks: -1, messages: events.map(({ key, payload }) => ({ key, value: payload })) })
      .then(() => true, () => false),
    close: () => producer.disconnect(),
  };
}
