import { systemClock, type Clock } from '@emp/kernel';
import { providerKey } from '@emp/oicp';
import { createLog, type Log, type RunningService } from '@emp/service-kit';
import type { SimulatorConfig } from './config.ts';
import { noFaults } from './faults/faults.ts';
import { AuthenticationData } from './hub/authentication-data.ts';
import { RecordDesk } from './hub/record-desk.ts';
import { RecordStore } from './hub/record-store.ts';
import { listen, openHttp } from './http-server.ts';
import { Journal } from './journal/journal.ts';
import { generatedNetwork } from './network/load-network.ts';
import { Random } from './random.ts';
import { replayInto } from './replay.ts';
import { ActiveSessions } from './station/active-sessions.ts';
import { Door } from './station/door.ts';
import { Drivers } from './station/drivers.ts';
import { Stations } from './station/stations.ts';
import { Wallet } from './station/wallet.ts';
import { Tally } from './tally.ts';
import type { World } from './world.ts';

const NAME = 'hbs-simulator';

/**
 * Starts HBS, stations and drivers. `stop()`: no new taps, sessions in flight end at once with their records, then the
 * journal is closed.
 */
export async function startSimulator(config: SimulatorConfig, more: { readonly log?: Log; readonly clock?: Clock } = {}): Promise<RunningService> {
  const log = more.log ?? createLog(NAME, config.LOG_LEVEL, config.LOG_FILE);
  const { journal, replay } = await Journal.open(config.DATA_DIRECTORY);
  try {
    const world = createWorld(config, { journal, log, clock: more.clock ?? systemClock });
    replayInto(world, replay.entries);
    const drivers = new Drivers(world);
    const app = await openHttp(world, drivers);
    const url = await listen(app, config);
    drivers.start();
    log.info({ url, replayed: replay.entries.length, tornBytes: replay.tornBytes }, 'simulator started');
    return { name: NAME, url, stop: () => stop(world, drivers, () => app.close()) };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

function createWorld(config: SimulatorConfig, parts: { readonly journal: Journal; readonly log: Log; readonly clock: Clock }): World {
  const { journal, log, clock } = parts;
  const now = (): Date => clock.now();
  const random = new Random(`${config.SEED}/world`);
  const authenticationData = new AuthenticationData(hubsOf(config.SUB_PROVIDERS));
  const records = new RecordStore();
  const door = new Door(config.EMP_URL);
  const world: World = {
    config, log, now, random, journal, authenticationData, records, door,
    desk: new RecordDesk({ journal, records, authenticationData, door, random, log, now, faults: () => world.faults }),
    wallet: new Wallet(),
    stations: new Stations(generatedNetwork(config.SEED, config.GENERATED_EVSES, now()), random),
    sessions: new ActiveSessions(),
    tally: new Tally(),
    faults: noFaults,
  };
  return world;
}

const hubsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(',').filter((pair) => pair !== '').map((pair) => {
    const [sub = '', hub = ''] = pair.split(':').map(providerKey);
    return [sub, hub];
  }));

async function stop(world: World, drivers: Drivers, closeHttp: () => Promise<unknown>): Promise<void> {
  await drivers.stop();
  world.desk.hurry();
  await closeHttp();
  await world.sessions.endAll();
  await world.door.close();
  await world.journal.close();
  world.log.info({}, 'simulator stopped');
}
