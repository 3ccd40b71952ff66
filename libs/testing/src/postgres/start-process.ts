import { spawn } from 'node:child_process';
import { open, readFile, stat, truncate } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmpError } from '@emp/kernel';
import { answers } from './answers.ts';
import type { PostgresBinaries } from './binaries.ts';
import { unprivileged } from './unprivileged.ts';

/** Recovery after a crash reads the whole write-ahead log since the last checkpoint. */
const START_WITHIN_MS = 120_000;
const LONGEST_LOG_BYTES = 10_000_000;

const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  // A database that is minutes old is planned for by its first statistics.
  autovacuum_naptime: '10s',
  // No standby will ever read along.
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Faster, and a crash of the machine may cost the data: for tests. */
const NOT_DURABLE: Readonly<Record<string, string>> = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Another server that starts or has just died; it will answer, or be gone, in a moment. */
const ANOTHER_IN_THE_WAY = /lock file|shared memory block|could not bind/;

export interface ProcessSettings {
  readonly dataDirectory: string;
  readonly port: number;
  readonly adminUrl: string;
  readonly durable: boolean;
}

/** Starts the server and waits until it answers. It outlives this process, and a Ctrl-C meant for it: stop it. */
export async function startProcess({ postgres }: PostgresBinaries, { dataDirectory, port, adminUrl, durable }: ProcessSettings): Promise<number> {
  const settings = Object.entries({ ...SETTINGS, port: String(port), ...(durable ? {} : NOT_DURABLE) });
  const { command, args } = unprivileged(postgres, ['-D', dataDirectory, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])]);
  const logFile = path.join(dataDirectory, 'server.log');
  const logStart = await roomInLog(logFile);
  const log = await open(logFile, 'a');
  // A file, not a pipe: the server goes on writing when this process is gone.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.unref();
  await log.close();
  let ended: string | undefined;
  child.once('error', (error) => { ended = error.message; });
  child.once('exit', (code, signal) => { ended = `exit ${code ?? signal}`; });

  const deadline = Date.now() + START_WITHIN_MS;
  while (ended === undefined && Date.now() < deadline) {
    if (child.pid !== undefined && (await answers(adminUrl, dataDirectory)) === 'yes') return child.pid;
    await delay(15);
  }
  const words = (await readFile(logFile, 'utf8')).slice(logStart).trim().split('\n').slice(-8).join('\n');
  throw new EmpError('postgres-not-started', `PostgreSQL did not start (${ended ?? 'too slow'}); its last words in ${logFile}:\n${words}`, {
    retry: ANOTHER_IN_THE_WAY.test(words) ? 'helps' : 'useless',
  });
}

/** Empties a log that has grown too long, and says where the next line will stand. */
async function roomInLog(file: string): Promise<number> {
  const size = await stat(file).then((entry) => entry.size, () => 0);
  if (size <= LONGEST_LOG_BYTES) return size;
  await truncate(file);
  return 0;
}
