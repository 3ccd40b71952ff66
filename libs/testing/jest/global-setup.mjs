/**
 * One PostgreSQL for all test files of this jest run: started before the first, gone after the last. And one Kafka,
 * started when a file asks for it.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { offerKafka } from './kafka-on-demand.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export default async function globalSetup() {
  globalThis.empTestKafka = await offerKafka();
  if (process.env.EMP_TEST_POSTGRES_URL) return;
  const server = spawn(process.execPath, [
    '--conditions=@emp/source',
    '--import', fileURLToPath(new URL('typescript.mjs', import.meta.url)),
    fileURLToPath(new URL('../src/postgres/test-server.ts', import.meta.url)),
    path.join(root, '.data/test-postgres', String(process.pid)),
  ], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } });
  const ended = new Promise((resolve) => { server.once('exit', resolve); });
  const url = await Promise.race([
    new Promise((resolve) => { createInterface(server.stdout).once('line', resolve); }),
    ended.then((code) => { throw new Error(`the PostgreSQL of the tests did not start (exit ${code})`); }),
  ]);
  process.env.EMP_TEST_POSTGRES_URL = url;
  globalThis.empTestPostgres = { stop: async () => { server.stdin.end(); await ended; } };
}
