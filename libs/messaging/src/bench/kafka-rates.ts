import { parseArgs } from 'node:util';
import { newId } from '@emp/kernel';
import { pause } from '../back-off.ts';
import type { OutgoingEvent } from '../broker/broker.ts';
import { Topics } from '../broker/topics.ts';
import { KafkaBroker } from '../kafka/kafka-broker.ts';
import type { Log } from '../log.ts';
import { LocalKafka } from './local-kafka.ts';

const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const PARTITIONS = 6;
const FILLER = 'x'.repeat(290);

/**
 * `npm run bench -- kafka-rates [--events 200000] [--nodes 1]`: events of about 500 bytes per second, written as the
 * relay does it (500 at a time, one publish after the other) and read by one group; what an idle consumer costs.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { events: { type: 'string', default: '200000' }, nodes: { type: 'string', default: '1' } } });
  const kafka = await LocalKafka.start(values.nodes === '3' ? 3 : 1);
  const topic = `rates.${newId()}`;
  const broker = await KafkaBroker.open({ brokers: kafka.brokers, clientId: 'rates', log: quiet, topics: new Topics({ [topic]: { partitions: PARTITIONS, keep: { days: 1 } } }) });
  try {
    await broker.ensureTopics();
    for (const batch of [50, 500]) await publishing(broker, topic, Number(values.events) / (batch === 50 ? 4 : 1), batch);
    await consuming(broker, topic, Number(values.events) * 1.25);
  } finally {
    await broker.close();
    await kafka.stop();
  }
  return 0;
}

async function publishing(broker: KafkaBroker, topic: string, count: number, size: number): Promise<void> {
  const event = (index: number): OutgoingEvent => ({
    topic, key: `session-${index % 997}`, payload: `{"n":${index},"filler":"${FILLER}"}`,
    headers: { ce_specversion: '1.0', ce_id: newId(), ce_type: 'CdrAccepted', ce_source: 'rates', ce_time: '2026-05-01T08:00:00.000Z', ce_subject: `session-${index % 997}` },
  });
  const batches = Array.from({ length: Math.ceil(count / size) }, (_, batch) => Array.from({ length: size }, (_each, index) => event(batch * size + index)));
  const begun = performance.now();
  for (const batch of batches) await broker.publish(batch);
  report(`published, ${size} at a time`, batches.length * size, begun);
}

async function consuming(broker: KafkaBroker, topic: string, count: number): Promise<void> {
  let seen = 0;
  let begun = 0;
  const subscription = await broker.subscribe({ group: `rates.${newId()}`, topics: [topic], onBatch: ({ events }) => {
    begun ||= performance.now();
    seen += events.length;
    return Promise.resolve();
  } });
  while (seen < count) await pause(5);
  report('consumed by one group', seen, begun);
  await pause(1_000);
  const before = process.cpuUsage();
  const idle = performance.now();
  await pause(5_000);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${'an idle consumer'.padEnd(28)}${((user + system) / 10 / (performance.now() - idle)).toFixed(1).padStart(8)} % of a core\n`);
  const latencies: number[] = [];
  const stopping = performance.now();
  await subscription.stop();
  latencies.push(performance.now() - stopping);
  process.stdout.write(`${'its stop'.padEnd(28)}${(latencies[0] ?? 0).toFixed(0).padStart(8)} ms\n`);
}

function report(what: string, events: number, begun: number): void {
  process.stdout.write(`${what.padEnd(28)}${Math.round(events / ((performance.now() - begun) / 1000)).toLocaleString('en').padStart(8)} events/s\n`);
}
