import { createHash } from 'node:crypto';
import { evcoCheckDigit } from '@emp/oicp';
import { OFFLINE_PROVIDER, ONLINE_PROVIDER } from './environments.ts';

/** A contract with its cards, as `POST /v1/contracts` of the gateway takes it. */
export interface DriverContract {
  readonly contractId: string;
  readonly providerId: string;
  readonly customerRef: string;
  readonly tariffPlanId: string;
  readonly status: 'active' | 'blocked';
  readonly validFrom: string;
  readonly validUntil: string | null;
  readonly cards: readonly { readonly uid: string; readonly status: 'active' | 'blocked'; readonly validUntil: null }[];
}

/** The cards of the README's demo driver and of the offline provider's story. */
export const DEMO_CARDS = {
  good: '04A2B3C4D5E680',
  blocked: '04B10C4ED00011',
  contractEnded: '04EBD5ED000011',
  unknown: '04FFFFFFFFFFFF',
  offline: '04C0FFEE000001',
} as const;

const VALID_FROM = '2026-01-01T00:00:00.000Z';

function contract(number: number, provider: string, card: { uid: string; status?: 'blocked' }, end: string | null = null): DriverContract {
  const emaid = `${provider}-C${number.toString().padStart(8, '0')}`;
  return {
    contractId: `${emaid}-${evcoCheckDigit(emaid)}`,
    providerId: provider,
    customerRef: `customer-${provider}-${number}`,
    tariffPlanId: 'standard',
    status: 'active',
    validFrom: VALID_FROM,
    validUntil: end,
    cards: [{ uid: card.uid, status: card.status ?? 'active', validUntil: null }],
  };
}

export const demoContracts = (): readonly DriverContract[] => [
  contract(1, ONLINE_PROVIDER, { uid: DEMO_CARDS.good }),
  contract(2, ONLINE_PROVIDER, { uid: DEMO_CARDS.blocked, status: 'blocked' }),
  contract(3, ONLINE_PROVIDER, { uid: DEMO_CARDS.contractEnded }, '2026-02-01T00:00:00.000Z'),
  contract(1, OFFLINE_PROVIDER, { uid: DEMO_CARDS.offline }),
];

/** Drivers who charge by themselves in the live run; the same seed makes the same drivers. */
export function simulatedContracts(seed: string, count: { readonly online: number; readonly offline: number }): readonly DriverContract[] {
  const many = (provider: string, howMany: number): DriverContract[] =>
    Array.from({ length: howMany }, (_, index) => contract(1000 + index, provider, { uid: uidOf(seed, provider, index) }));
  return [...many(ONLINE_PROVIDER, count.online), ...many(OFFLINE_PROVIDER, count.offline)];
}

/** A seven-byte UID as NXP makes them: first byte 04. */
function uidOf(seed: string, provider: string, index: number): string {
  return `04${createHash('sha256').update(`${seed}/${provider}/${index}`).digest('hex').slice(0, 12).toUpperCase()}`;
}
