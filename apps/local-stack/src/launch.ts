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

/** Each service as a process of its own, as a deployment would run it. */
export const launchAsProcess: Launch = async (name, env) => {
  const main = path.join(projectRoot, 'apps', name, 'dist/main.js');
  // Apart from the terminal's group: Ctrl-C reaches the stack, which stops its services in order.
  const child = fork(main, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-2000)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { started: string }) => resolve(message.started));
    child.once('exit', (code) =>
      reject(new EmpError('service-did-not-start', `${name} ended with ${code}: ${complaint.trim()}`, { retry: 'useless' })),
    );
  });
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) process.stderr.write(`  ! ${name} ended unexpectedly (${signal ?? code}); its last words are in ${env['LOG_FILE']}\n`);
  });
  return {
    name,
    url,
    stop: async () => {
      stopping = true;
      child.kill('SIGTERM');
      await ended;
    },
  };
};
