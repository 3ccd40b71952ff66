/** `npm run kafka -- up [--nodes 3] | down [--forget] | status`: a real Apache Kafka on this machine, without Docker. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { KafkaCluster } from './kafka/cluster.mjs';
import { obtain } from './kafka/jars.mjs';
import { Failure, run, step } from './steps.mjs';

const USE = 'npm run kafka -- up [--nodes 1|3] | down [--forget] | status';
const root = fileURLToPath(new URL('..', import.meta.url));

await run(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { nodes: { type: 'string', default: '1' }, forget: { type: 'boolean', default: false } },
  });
  const cluster = new KafkaCluster({
    directory: path.resolve(root, process.env.DATA_DIRECTORY ?? '.data', 'kafka'),
    firstPort: Number(process.env.KAFKA_PORT ?? 9092),
  });
  switch (positionals[0]) {
    case 'up': {
      const count = Number(values.nodes);
      if (count !== 1 && count !== 3) throw new Failure(`--nodes is 1 or 3, not ${values.nodes}`);
      await step('obtain Kafka', async () => obtain());
      await step(`start ${count} node${count > 1 ? 's' : ''}`, () => cluster.up(count));
      process.stdout.write(`KAFKA_BROKERS=${cluster.brokers.join(',')}\n`);
      return 0;
    }
    case 'down':
      await step('stop Kafka', () => cluster.down());
      if (values.forget) cluster.forget();
      return 0;
    case 'status':
      for (const id of cluster.nodes) process.stdout.write(`node ${id}  ${cluster.addressOf(id)}  ${cluster.pidOf(id) ? 'runs' : 'is stopped'}\n`);
      return cluster.nodes.some((id) => cluster.pidOf(id)) ? 0 : 1;
    default:
      throw new Failure(USE);
  }
});
