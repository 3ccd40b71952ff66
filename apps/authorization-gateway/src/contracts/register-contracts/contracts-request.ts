import { evcoKey, type EvcoId, type Uid } from '@emp/oicp';
import { z } from 'zod';
import type { Providers } from '../../providers.ts';
import { termsOfContract, type ContractTerms } from '../rules/rules-request.ts';
import { END_NOT_AFTER_BEGIN, contractId, instant, name, uid } from './contract-members.ts';

export interface ContractToRegister {
  readonly evcoId: EvcoId;
  readonly providerId: string;
  readonly customer: string;
  readonly tariffPlanId: string;
  readonly status: 'active' | 'blocked';
  readonly validFrom: Date;
  readonly validUntil: Date | null;
  readonly cards: readonly CardToRegister[];
  readonly terms: ContractTerms;
}

export interface CardToRegister {
  readonly uid: Uid;
  readonly status: 'active' | 'blocked';
  readonly validUntil: Date | null;
}

/** What could not be taken, by its place in the request (RFC 6901). Never repeats the value. */
export interface Rejection {
  readonly pointer: string;
  readonly detail: string;
}

export interface ContractsRequest {
  readonly contracts: readonly ContractToRegister[];
  readonly rejected: readonly Rejection[];
}

const status = z.enum(['active', 'blocked']).default('active');
const end = instant.nullish().transform((date) => date ?? null);

const cardSchema = z.object({
  uid,
  status,
  validUntil: end,
});

const MOST_CARDS = 1_000;

const contractMembers = z.object({
  contractId,
  providerId: z.string(),
  customerRef: name(200),
  tariffPlanId: name(100),
  status,
  validFrom: instant,
  validUntil: end,
  cards: z.array(z.unknown()).max(MOST_CARDS).default([]),
  ...termsOfContract,
});

const contractSchema = contractMembers.refine(
  ({ validFrom, validUntil }) => validUntil === null || validUntil > validFrom,
  { path: ['validUntil'], message: END_NOT_AFTER_BEGIN },
);

export const MOST_CONTRACTS = 1_000;

/** What `POST /v1/contracts` is described to take: it reads each contract, and each card, by itself. */
export const contractsBody = z.object({
  contracts: z
    .array(contractMembers.extend({ cards: z.array(cardSchema).max(MOST_CARDS).default([]) }))
    .max(MOST_CONTRACTS),
});

/** Where a contract stands, whom else it stands with, and where to say what is wrong with it. */
interface Place {
  readonly pointer: string;
  readonly providers: Providers;
  /** Contracts and cards that were named before. */
  readonly seen: Set<string>;
  readonly rejected: Rejection[];
}

/** Reads `POST /v1/contracts`. A contract that cannot be read costs only itself, a card only itself. */
export function readContracts(contracts: readonly unknown[], providers: Providers): ContractsRequest {
  const rejected: Rejection[] = [];
  const seen = new Set<string>();
  const read = contracts.map((value, index) =>
    readContract(value, { pointer: `/contracts/${index}`, providers, seen, rejected }),
  );
  return { contracts: read.filter((contract) => contract !== undefined), rejected };
}

export function readContract(value: unknown, place: Place): ContractToRegister | undefined {
  const { pointer, providers, seen, rejected } = place;
  const contract = contractSchema.safeParse(value);
  if (!contract.success) return void rejected.push(...rejectionsOf(contract.error, pointer));
  const { contractId, providerId, customerRef, cards, ...more } = contract.data;
  const { rules, credit, stopIdentifications, pin, hashedPin, ...facts } = more;
  if (pin && hashedPin)
    return void rejected.push({ pointer: `${pointer}/hashedPin`, detail: 'either a pin or its hash, not both' });
  const provider = providers.find(providerId);
  if (!provider)
    return void rejected.push({ pointer: `${pointer}/providerId`, detail: 'not one of our providers (PROVIDERS)' });
  if (isRepeated(seen, contractKeyOf(contractId))) {
    return void rejected.push({
      pointer: `${pointer}/contractId`,
      detail: 'the contract was named before in this request',
    });
  }
  return {
    evcoId: contractId,
    providerId: provider.providerId,
    customer: customerRef,
    ...facts,
    cards: readCards(cards, `${pointer}/cards`, seen, rejected),
    terms: { rules, credit, stopIdentifications, pin, hashedPin },
  };
}

const contractKeyOf = (evcoId: EvcoId): string => `contract/${evcoKey(evcoId)}`;

/** The card of one line of an import. */
const cardLineSchema = cardSchema.extend({ contractId });

export function readCardLine(value: unknown, rejected: Rejection[]): z.output<typeof cardLineSchema> | undefined {
  const card = cardLineSchema.safeParse(value);
  if (card.success) return card.data;
  return void rejected.push(...rejectionsOf(card.error, ''));
}

function readCards(
  cards: readonly unknown[],
  pointer: string,
  seen: Set<string>,
  rejected: Rejection[],
): readonly CardToRegister[] {
  return cards.flatMap((value, index) => {
    const card = cardSchema.safeParse(value);
    if (!card.success) {
      rejected.push(...rejectionsOf(card.error, `${pointer}/${index}`));
      return [];
    }
    if (!isRepeated(seen, `card/${card.data.uid}`)) return [card.data];
    rejected.push({ pointer: `${pointer}/${index}/uid`, detail: 'the card was named before in this request' });
    return [];
  });
}

function isRepeated(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return true;
  seen.add(key);
  return false;
}

/** Names of unknown members are not repeated: in a wrong file they may be anything. */
const rejectionsOf = (error: z.ZodError, pointer: string): readonly Rejection[] =>
  error.issues.map(({ code, path, message }) => ({
    pointer: [pointer, ...path.map(String)].join('/'),
    detail: code === 'unrecognized_keys' ? 'has a member that is not known here' : message,
  }));
