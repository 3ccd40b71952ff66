/**
 * `node tools/kafka/serve.mjs <directory> <nodes> [secure]`: a throw-away cluster for as long as standard input is open,
 * so that nothing is left behind however its owner ends. Prints one line of JSON:
 * `{ brokers, directory, firstPort, securePort }`. `secure` is JSON, see properties.mjs.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { Failure, run } from '../steps.mjs';
import { KafkaCluster } from './cluster.mjs';

const [directory, count] = [process.argv[2], Number(process.argv[3])];

await run(async () => {
  // Ctrl-C reaches the whole process group: the owner's end decides, by closing the pipe.
  process.on('SIGINT', () => undefined);
  const ownerGone = new Promise((resolve) => {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, resolve);
    process.once('SIGTERM', resolve);
    process.once('SIGHUP', resolve);
  });
  process.stdin.resume();
  mkdirSync(directory, { recursive: true });
  const firstPort = await freePorts(2 * count + 1);
  const secure = process.argv[4] && { ...JSON.parse(process.argv[4]), port: firstPort + 2 * count };
  const cluster = new KafkaCluster({ directory, firstPort, secure });
  try {
    await cluster.up(count);
    process.stdout.write(`${JSON.stringify({ brokers: cluster.brokers, directory, firstPort, securePort: secure?.port })}\n`);
    await ownerGone;
  } finally {
    await cluster.down('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
});

/** The first of so many ports in a row that nobody listens on. */
async function freePorts(wanted) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(Array.from({ length: wanted }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
  throw new Failure(`no ${wanted} free ports in a row between 20000 and 30000`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
