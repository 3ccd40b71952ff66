import type { Log } from '@emp/service-kit';
import type { SimulatorConfig } from './config.ts';
import type { Faults } from './faults/faults.ts';
import type { AuthenticationData } from './hub/authentication-data.ts';
import type { RecordDesk } from './hub/record-desk.ts';
import type { RecordStore } from './hub/record-store.ts';
import type { Journal } from './journal/journal.ts';
import type { Random } from './random.ts';
import type { ActiveSessions } from './station/active-sessions.ts';
import type { Door } from './station/door.ts';
import type { Stations } from './station/stations.ts';
import type { Wallet } from './station/wallet.ts';
import type { Tally } from './tally.ts';

/** Everything there is in one simulated world. */
export interface World {
  readonly config: SimulatorConfig;
  readonly log: Log;
  readonly now: () => Date;
  readonly random: Random;
  readonly journal: Journal;
  readonly authenticationData: AuthenticationData;
  readonly records: RecordStore;
  readonly desk: RecordDesk;
  readonly door: Door;
  readonly wallet: Wallet;
  readonly stations: Stations;
  readonly sessions: ActiveSessions;
  readonly tally: Tally;
  faults: Faults;
}
