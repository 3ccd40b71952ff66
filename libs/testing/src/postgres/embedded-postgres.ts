import { execFile } from 'node:child_process';
import { realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmpError } from '@emp/kernel';
import { freePort, isPortFree } from '../free-port.ts';
import { noLog, type Log } from '../log.ts';
import { answers } from './answers.ts';
import { findBinaries, type PostgresBinaries } from './binaries.ts';
import { ADMIN, prepareDataDirectory } from './data-directory.ts';
import { findPostmaster, pidFile, waitForEnd, type Postmaster } from './postmaster.ts';
import { startProcess } from './start-process.ts';
import { unprivileged } from './unprivileged.ts';

export interface EmbeddedPostgresOptions {
  /** Made if it does not exist. */
  readonly dataDirectory: string;
  /** A free one if not given. */
  readonly port?: number;
  /** The environment variable that sets the port, for the message when it is taken. */
  readonly portVariable?: string;
  /** `false` for tests: faster, and a crash of the machine may cost the data. */
  readonly durable?: boolean;
  readonly log?: Log;
}

/** A real PostgreSQL on the loopback interface of this machine. */
export interface EmbeddedPostgres {
  /** A URL of the administrator for that database. */
  url(database: string): string;
  readonly adminUrl: string;
  readonly port: number;
  readonly pid: number;
  /** Whether it still ran, left over by a process that was killed. */
  readonly origin: 'started' | 'reused';
  /** Ends every session and shuts down in good order. */
  stop(): Promise<void>;
  /** Kills it (−9), as a crash would: for chaos tests. */
  kill(): Promise<void>;
}

/** Backends of a killed server need a moment to notice; until then a new one finds their shared memory in use. */
const LEFTOVERS_GONE_WITHIN_MS = 10_000;
/** Long enough for the recovery after a crash. */
const ANSWERS_WITHIN_MS = 60_000;
const STOP_WITHIN_S = 60;

/**
 * Starts PostgreSQL on a data directory, or takes over the one that still runs there. Throws `port-taken`,
 * `data-directory-…`, `postgres-…` with a line that says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? noLog;
  const binaries = await findBinaries();
  const durable = options.durable ?? true;
  const { adminPassword, created } = await prepareDataDirectory(binaries, { directory: path.resolve(options.dataDirectory), durable });
  if (created) log.info({ dataDirectory: options.dataDirectory }, 'database cluster created');
  const dataDirectory = await realpath(options.dataDirectory);
  const urlAt = (port: number, database: string): string => `postgresql://${ADMIN}:${adminPassword}@127.0.0.1:${port}/${database}`;
  const serving = ({ pid, port }: Postmaster, origin: EmbeddedPostgres['origin']): EmbeddedPostgres => {
    log.info({ port, pid }, `PostgreSQL ${origin}`);
    return {
      url: (database) => urlAt(port, database),
      adminUrl: urlAt(port, ADMIN),
      port, pid, origin,
      stop: () => stop(binaries, dataDirectory, pid),
      kill: async () => {
        process.kill(pid, 'SIGKILL');
        await waitForEnd(pid, LEFTOVERS_GONE_WITHIN_MS);
      },
    };
  };

  const deadline = Date.now() + LEFTOVERS_GONE_WITHIN_MS;
  for (;;) {
    const running = await takeOver(dataDirectory, (port) => urlAt(port, ADMIN));
    if (running) return serving(running, 'reused');
    const port = options.port ?? (await freePort());
    try {
      await refuseTakenPort(port, options.portVariable);
      const pid = await startProcess(binaries, { dataDirectory, port, adminUrl: urlAt(port, ADMIN), durable });
      return serving({ pid, port }, 'started');
    } catch (error) {
      // Another process may be starting the same one, or what is left of a killed one may still be there.
      if (!(error instanceof EmpError) || error.retry === 'useless' || Date.now() > deadline) throw error;
      await delay(200);
    }
  }
}

/** The server that runs on this data directory, once it answers; a stale file is removed. */
async function takeOver(dataDirectory: string, adminUrl: (port: number) => string): Promise<Postmaster | undefined> {
  const deadline = Date.now() + ANSWERS_WITHIN_MS;
  for (;;) {
    const found = await findPostmaster(dataDirectory);
    if (found === 'stale') await rm(pidFile(dataDirectory), { force: true });
    if (found === 'none' || found === 'stale') return undefined;
    if ((await answers(adminUrl(found.port), dataDirectory)) === 'yes') return found;
    if (Date.now() > deadline) {
      throw new EmpError('postgres-does-not-answer', `a PostgreSQL (process ${found.pid}) holds ${dataDirectory} and does not answer: end it first`, { retry: 'useless' });
    }
    await delay(50);
  }
}

async function refuseTakenPort(port: number, variable: string | undefined): Promise<void> {
  if (await isPortFree(port)) return;
  const remedy = variable === undefined ? 'free it or choose another' : `free it or set ${variable} to another`;
  throw new EmpError('port-taken', `port ${port}, meant for PostgreSQL, is taken by another program: ${remedy}`, { retry: 'useless' });
}

async function stop({ pgCtl }: PostgresBinaries, dataDirectory: string, pid: number): Promise<void> {
  const { command, args } = unprivileged(pgCtl, ['stop', '-D', dataDirectory, '-m', 'fast', '-t', String(STOP_WITHIN_S)]);
  // It fails if the server is already gone, which is what was wanted.
  await promisify(execFile)(command, args).catch(() => undefined);
  if (await waitForEnd(pid, 1_000)) return;
  throw new EmpError('postgres-not-stopped', `PostgreSQL (process ${pid}) did not stop within ${STOP_WITHIN_S} s`, { retry: 'helps' });
}
