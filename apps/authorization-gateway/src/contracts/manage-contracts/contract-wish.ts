import { z } from 'zod';
import { contractId, instant, name, uid } from '../register-contracts/contract-members.ts';
import { termsOfContract } from '../rules/rules-request.ts';

const status = z.enum(['active', 'blocked']);

/** `PATCH /v1/contracts/:contractRef`: what is absent stays as it is. Who the contract is with does not change. */
export const contractWish = z
  .strictObject({
    status: status.optional(),
    tariffPlanId: name(100).optional(),
    validFrom: instant.optional(),
    validUntil: instant.nullable().optional(),
    ...termsOfContract,
  })
  .refine(({ pin, hashedPin }) => !(pin && hashedPin), {
    path: ['hashedPin'],
    message: 'either a pin or its hash, not both',
  });

export type ContractWish = z.output<typeof contractWish>;

export const contractLookup = z.strictObject({ contractId });

/** `POST /v1/contracts/:contractRef/cards` */
export const newCard = z.strictObject({
  uid,
  status: status.default('active'),
  validUntil: instant.nullable().default(null),
});

export type NewCard = z.output<typeof newCard>;

/** `PATCH /v1/cards/:cardRef`; another contractRef moves the card. */
export const cardWish = z.strictObject({
  status: status.optional(),
  validUntil: instant.nullable().optional(),
  contractRef: z.string().max(100).optional(),
});

export type CardWish = z.output<typeof cardWish>;

export const cardLookup = z.strictObject({ uid });
