/** `npm run kafka -- up [--nodes 3] | down [--forget] | status`: a real Apache Kafka on this machine, without Docker. */
import { parseArgs } from 'node:util';
import { addresses, brokerAddress, down, forget, isRunning, knownNodes, obtain, up } from './kafka/cluster.mjs';
import { Failure, run, step } from './steps.mjs';

const USE = 'npm run kafka -- up [--nodes 1|3] | down [--forget] | status';

await run(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { nodes: { type: 'string', default: '1' }, forget: { type: 'boolean', default: false } },
  });
  switch (positionals[0]) {
    case 'up': {
      const count = Number(values.nodes);
      if (count !== 1 && count !== 3) throw new Failure(`--nodes is 1 or 3, not ${values.nodes}`);
      await step('obtain Kafka', async () => obtain());
      const nodes = await step(`start ${count} node${count > 1 ? 's' : ''}`, () => up(count));
      process.stdout.write(`KAFKA_BROKERS=${addresses(nodes)}\n`);
      return 0;
    }
    case 'down':
      await step('stop Kafka', down);
      if (values.forget) forget();
      return 0;
    case 'status':
      for (const id of knownNodes()) process.stdout.write(`node ${id}  ${brokerAddress(id)}  ${isRunning(id) ? 'runs' : 'is stopped'}\n`);
      return knownNodes().some(isRunning) ? 0 : 1;
    default:
      throw new Failure(USE);
  }
});
