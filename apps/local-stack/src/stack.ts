import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createLog, type RunningService } from '@emp/service-kit';
import { createServiceDatabase, startEmbeddedPostgres } from '@emp/testing';
import { announce } from './announce.ts';
import { openPlace, placeBroker } from './broker-place.ts';
import { SERVICES, databaseOf, environmentsOf } from './environments.ts';
import { requireFreePorts } from './free-ports.ts';
import { launchAsProcess, launchInProcess, type Launchable } from './launch.ts';
import type { StackOptions } from './options.ts';
import type { Places } from './places.ts';
import { noteBroker, openSecrets } from './secrets.ts';

/** Everything runs; the addresses of its internal APIs. */
export interface Stack {
  readonly gateway: string;
  readonly door: string;
  readonly cdrIngest: string;
  readonly poiSync: string;
  readonly billing: string;
  readonly simulator: string;
  /** Events that some consumer group has not passed yet. */
  eventLag(): Promise<number>;
  /** Drains and stops all, the simulator first so that nothing new comes in. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL, the four services and the simulator. What was started is stopped again if a later step fails. */
export async function startStack(places: Places, options: StackOptions): Promise<Stack> {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    await requireFreePorts(places);
    mkdirSync(path.join(places.DATA_DIRECTORY, 'logs'), { recursive: true });
    const secrets = openSecrets(places.DATA_DIRECTORY);
    await announce(`PostgreSQL on port ${places.POSTGRES_PORT}`, async () => {
      const postgres = await startEmbeddedPostgres({
        dataDirectory: path.join(places.DATA_DIRECTORY, 'postgres'),
        port: places.POSTGRES_PORT,
        portVariable: 'POSTGRES_PORT',
      });
      closers.push(() => postgres.stop());
      for (const service of [...SERVICES, 'broker'] as const) {
        const name = databaseOf(service);
        await createServiceDatabase(postgres.adminUrl, { database: name, role: name, password: secrets.databasePassword });
      }
    });

    const brokerPlace = await placeBroker(options.broker, places, secrets);
    closers.push(() => brokerPlace.release());
    noteBroker(places.DATA_DIRECTORY, brokerPlace);
    const environments = environmentsOf(places, secrets, brokerPlace);
    const launch = options.composition === 'processes' ? launchAsProcess : launchInProcess;
    const start = (name: Launchable, what: string): Promise<RunningService> =>
      announce(what, async () => {
        const service = await launch(name, environments[name]);
        closers.push(() => service.stop());
        return service;
      });
    const billing = await start('billing', 'billing');
    const cdrIngest = await start('cdr-ingest', 'cdr-ingest');
    const poiSync = await start('poi-sync', 'poi-sync');
    const gateway = await start('authorization-gateway', 'authorization-gateway');
    const simulator = await start('hbs-simulator', 'HBS simulator');
    const log = createLog('local-stack', places.LOG_LEVEL, path.join(places.DATA_DIRECTORY, 'logs/local-stack.log'));
    const broker = await openPlace(brokerPlace, log);
    closers.push(() => broker.close());
    return {
      gateway: gateway.url,
      door: `http://127.0.0.1:${places.DOOR_PORT}`,
      cdrIngest: cdrIngest.url,
      poiSync: poiSync.url,
      billing: billing.url,
      simulator: simulator.url,
      eventLag: async () => (await broker.lag()).reduce((behind, group) => behind + group.behind, 0),
      stop: () => announce('drain and stop', stop),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
