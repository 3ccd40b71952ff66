/**
 * One Kafka for all test files of a jest run, started when the first asks for it. This process holds it by a pipe: it
 * ends with the run, however the run ends.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Offers it at the URL in EMP_TEST_KAFKA_URL: `GET /` answers with `host:port`, or 500 with the reason. */
export async function offerKafka() {
  let serving;
  const door = createServer((_, response) => {
    serving ??= serve();
    serving.started.then(
      (brokers) => response.end(brokers),
      (error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise((resolve) => { door.listen(0, '127.0.0.1', resolve); });
  door.unref();
  process.env.EMP_TEST_KAFKA_URL = `http://127.0.0.1:${door.address().port}/`;
  return {
    stop: async () => {
      door.close();
      serving?.server.stdin.end();
      await serving?.ended;
    },
  };
}

function serve() {
  const directory = path.join(root, '.data/test-kafka', String(process.pid));
  const server = spawn(process.execPath, [path.join(root, 'tools/kafka/serve.mjs'), directory, '1'], {
    stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' },
  });
  let complaint = '';
  server.stderr.on('data', (chunk) => { complaint += chunk; });
  const ended = new Promise((resolve) => { server.once('exit', resolve); });
  const started = Promise.race([
    new Promise((resolve) => { createInterface(server.stdout).once('line', (line) => resolve(JSON.parse(line).brokers.join(','))); }),
    ended.then((code) => { throw new Error(`the Kafka of the tests did not start (exit ${code}): ${complaint.trim()}`); }),
  ]);
  started.catch(() => undefined);
  return { server, started, ended };
}
