/** `npm run kafka -- up [--nodes 1|3] | down [--forget] | status`: a real Apache Kafka on this machine, without Docker. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { KafkaCluster } from './kafka/cluster.mjs';
import { obtain } from './kafka/jars.mjs';
import { Failure, run, step } from './steps.mjs';

const USE = `npm run kafka -- up [--nodes 1|3] | down [--forget] | status

  up      starts what was laid before, else a cluster of one node or of three
  down    stops all nodes; --forget removes their data, too
  status  tells of each node whether it runs; exit status 0 only if all of them take connections

Variables: KAFKA_PORT (9092), the first of two ports for each node; DATA_DIRECTORY (.data).
`;
const root = fileURLToPath(new URL('..', import.meta.url));

await run(async () => {
  const { what, nodes, forget } = readArguments(process.argv.slice(2));
  const cluster = new KafkaCluster({
    directory: path.resolve(root, process.env.DATA_DIRECTORY || '.data', 'kafka'),
    firstPort: firstPortOf(process.env.KAFKA_PORT || '9092'),
  });
  switch (what) {
    case 'up': {
      const count = nodes ?? (cluster.nodes.length || 1);
      await step('obtain Kafka', async () => obtain());
      await step(`start ${count} node${count > 1 ? 's' : ''}`, () => cluster.up(count));
      process.stdout.write(`KAFKA_BROKERS=${cluster.brokers.join(',')}\n`);
      return 0;
    }
    case 'down': {
      const running = cluster.nodes.filter((id) => cluster.pidOf(id));
      if (running.length === 0) process.stderr.write(`no Kafka runs in ${cluster.directory}\n`);
      else await step('stop Kafka', () => cluster.down());
      if (forget) cluster.forget();
      return 0;
    }
    case 'status':
      return tellStatus(cluster);
    default:
      process.stdout.write(USE);
      return 0;
  }
});

async function tellStatus(cluster) {
  if (cluster.nodes.length === 0) throw new Failure(`no Kafka was started in ${cluster.directory}: npm run kafka -- up`);
  const states = await Promise.all(cluster.nodes.map((id) => cluster.stateOf(id)));
  cluster.nodes.forEach((id, index) => process.stdout.write(`node ${id}  ${cluster.addressOf(id)}  ${states[index]}\n`));
  return states.every((state) => state === 'runs') ? 0 : 1;
}

function readArguments(args) {
  const { values, positionals: [what, ...more] } = parsed(args);
  if (values.help) return { what: 'help' };
  if (!['up', 'down', 'status'].includes(what) || more.length > 0) throw new Failure(`${what === undefined ? 'up, down or status?' : `what is "${[what, ...more].join(' ')}"?`} ${USE}`);
  if (values.nodes !== undefined && (what !== 'up' || !['1', '3'].includes(values.nodes))) throw new Failure(`--nodes 1 or --nodes 3 goes with up, not ${what} --nodes ${values.nodes}`);
  if (values.forget && what !== 'down') throw new Failure(`--forget goes with down, not with ${what}`);
  return { what, nodes: values.nodes && Number(values.nodes), forget: values.forget };
}

function parsed(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { nodes: { type: 'string' }, forget: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new Failure(`${error.message.split('. ')[0]}; ${USE}`);
  }
}

function firstPortOf(text) {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port <= 65_530) return port;
  throw new Failure(`KAFKA_PORT is the first of up to six ports, a whole number up to 65530, not ${text}`);
}
