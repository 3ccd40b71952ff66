import { call } from './api.ts';
import { DEMO_CARDS, demoContracts, simulatedContracts, type DriverContract } from './drivers.ts';
import type { StackOptions } from './options.ts';
import type { Places } from './places.ts';
import type { Stack } from './stack.ts';

/** 0.35 to start, 0.59 per kWh, 6.00 per hour of blocking after half an hour of grace; net. */
const STANDARD_PLAN = {
  currency: 'EUR',
  elements: [
    { components: [
      { type: 'FLAT', price: '0.35', stepSize: 0 },
      { type: 'ENERGY', price: '0.59', stepSize: 1 },
      { type: 'PARKING_TIME', price: '6.00', stepSize: 60 },
    ] },
  ],
  parkingGraceSeconds: 1800,
};

const DRIVERS = { online: 600, offline: 150 };
const CONTRACTS_PER_CALL = 500;

export interface NetworkSummary {
  readonly evses: number;
  readonly findings: Readonly<Record<string, number>>;
  readonly duplicates: readonly unknown[];
}

/** What a provider has before the first driver comes: a tariff, contracts with cards, and the cards of the offline provider at HBS. */
export async function seedProvider(stack: Stack, places: Places): Promise<void> {
  await call('PUT', `${stack.billing}/v1/tariff-plans/standard`, STANDARD_PLAN);
  const contracts = [...demoContracts(), ...simulatedContracts(places.SEED, DRIVERS)];
  for (let from = 0; from < contracts.length; from += CONTRACTS_PER_CALL) {
    await call('POST', `${stack.gateway}/v1/contracts`, { contracts: contracts.slice(from, from + CONTRACTS_PER_CALL) });
  }
  await call('POST', `${stack.gateway}/v1/authentication-data/push`);
  await call('POST', `${stack.simulator}/simulator/drivers`, {
    online: uidsOf(simulatedContracts(places.SEED, { ...DRIVERS, offline: 0 })),
    offline: uidsOf(simulatedContracts(places.SEED, { ...DRIVERS, online: 0 })),
    blocked: [{ uid: DEMO_CARDS.blocked }],
    ended: [{ uid: DEMO_CARDS.contractEnded }],
  });
}

/** The simulator gets its network, and poi-sync pulls all of it as it would from HBS. */
export async function loadNetwork(stack: Stack, options: StackOptions): Promise<NetworkSummary> {
  if (options.feed !== undefined) {
    await call('POST', `${stack.simulator}/simulator/network`, { feed: options.feed, statusFeed: options.statusFeed });
  }
  // The network may be another than last time: what is gone may go.
  await call('POST', `${stack.poiSync}/v1/pulls/evse-data?wait=true&removals=allow`);
  await call('POST', `${stack.poiSync}/v1/pulls/evse-status?wait=true`);
  await call('POST', `${stack.poiSync}/v1/pulls/pricing?wait=true`);
  return call<NetworkSummary>('GET', `${stack.poiSync}/v1/summary`);
}

function uidsOf(contracts: readonly DriverContract[]): { uid: string }[] {
  return contracts.flatMap((contract) => contract.cards.map(({ uid }) => ({ uid })));
}
