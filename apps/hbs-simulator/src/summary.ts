import type { Json } from './json.ts';
import type { Drivers } from './station/drivers.ts';
import type { World } from './world.ts';

/** The state of the simulated world. */
export function summaryOf(world: World, drivers: Drivers): Json {
  const { tally, records, sessions, stations, wallet, authenticationData } = world;
  const { stored, acknowledged } = records.counts();
  const { network } = stations;
  return {
    taps: tally.taps,
    tapsPerSecond: drivers.tapsPerSecond,
    answers: tally.answers,
    unanswered: tally.unanswered,
    sessions: { inProgress: sessions.size },
    notifications: tally.notifications,
    records: { stored, forwarded: acknowledged, pulled: tally.recordsPulled },
    calls: tally.hubCalls,
    drivers: wallet.counts(),
    authenticationData: authenticationData.counts(),
    network: {
      kind: network.origin.kind, from: network.origin.from, evses: network.evses.length, operators: network.groups.length,
    },
  };
}
