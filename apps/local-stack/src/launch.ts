import { fork } from 'node:child_process';
import path from 'node:path';
import { readGatewayConfig, startGateway } from '@emp/authorization-gateway';
import { readBillingConfig, startBilling } from '@emp/billing';
import { readCdrIngestConfig, startCdrIngest } from '@emp/cdr-ingest';
import { readSimulatorConfig, startSimulator } from '@emp/hbs-simulator';
import { EmpError } from '@emp/kernel';
import { readPoiSyncConfig, startPoiSync } from '@emp/poi-sync';
import type { RunningService } from '@emp/service-kit';
import type { ServiceName } from './environments.ts';
import { projectRoot } from './places.ts';

export type Launchable = ServiceName | 'hbs-simulator';
type Environment = Readonly<Record<string, string>>;
export type Launch = (name: Launchable, env: Environment) => Promise<RunningService>;

/** Each service in this process, configured by its environment all the same. */
export const launchInProcess: Launch = (name, env) => {
  switch (name) {
    case 'authorization-gateway':
      return startGateway(readGatewayConfig(env));
    case 'cdr-ingest':
      return startCdrIngest(readCdrIngestConfig(env));
    case 'poi-sync':
      return startPoiSync(readPoiSyncConfig(env));
    case 'billing':
      return startBilling(readBillingConfig(env));
    case 'hbs-simulator':
      return startSimulator(readSimulatorConfig(env));
  }
};

/** A service as a process that can be watched, frozen and killed. */
export interface ServiceProcess {
  readonly pid: number;
  /** Its URL, once it serves. @throws EmpError `service-did-not-start` with what it said last. */
  readonly started: Promise<string>;
  /** How it ended: exit status or signal. Never rejects. */
  readonly ended: Promise<number | NodeJS.Signals>;
  signal(signal: NodeJS.Signals): void;
}

/** Runs a service's `main.js`. It stops by itself when this process is gone. */
export function spawnService(name: Launchable, env: Environment): ServiceProcess {
  const main = path.join(projectRoot, 'apps', name, 'dist/main.js');
  // Apart from the terminal's group: Ctrl-C reaches the stack, which stops its services in order.
  const child = fork(main, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-2000)));
  const ended = new Promise<number | NodeJS.Signals>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code ?? 1)));
  const started = new Promise<string>((resolve, reject) => {
    child.once('message', (message: { started: string }) => resolve(message.started));
    void ended.then((how) =>
      reject(new EmpError('service-did-not-start', `${name} ended with ${how}: ${complaint.trim()}`, { retry: 'useless' })),
    );
  });
  started.catch(() => undefined);
  return { pid: child.pid ?? 0, started, ended, signal: (signal) => void child.kill(signal) };
}

/** Each service as a process of its own, as a deployment would run it. */
export const launchAsProcess: Launch = async (name, env) => {
  const child = spawnService(name, env);
  const url = await child.started;
  let stopping = false;
  void child.ended.then((how) => {
    if (!stopping) process.stderr.write(`  ! ${name} ended unexpectedly (${how}); its last words are in ${env['LOG_FILE']}\n`);
  });
  return {
    name,
    url,
    stop: async () => {
      stopping = true;
      child.signal('SIGTERM');
      await child.ended;
    },
  };
};
