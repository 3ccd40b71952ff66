import { Currency, Decimal } from '@emp/money';
import { operatorKey, parseEvcoId, parseOperatorId, parseUid, type EvcoId, type Uid } from '@emp/oicp';
import { z } from 'zod';
import type { AllowAndDeny } from '../../domain/contract-rules.ts';

/** A Bcrypt hash as OICP §7.5 has it. A higher cost would keep a driver, and the door, waiting. */
const BCRYPT = /^\$2[aby]\$(0[4-9]|1[0-2])\$[./A-Za-z0-9]{53}$/;
const LONGEST_LIST = 1_000;
const MOST_STOP_MEDIA = 20;
const LARGEST_CREDIT = Decimal.parse('1000000000');

export type StopMedium =
  | { readonly kind: 'rfid'; readonly uid: Uid }
  | { readonly kind: 'plug-and-charge'; readonly evcoId: EvcoId };

export interface CreditToRegister {
  readonly amount: string;
  readonly currency: string;
  readonly reservePerSession: string;
}

const read = <Value>(
  parse: (text: string) => { readonly ok: true; readonly value: Value } | NotRead,
): z.ZodType<Value> =>
  z.string().transform((text, context): Value => {
    const value = parse(text);
    if (value.ok) return value.value;
    context.addIssue(value.refusal.detail);
    return z.NEVER;
  });

interface NotRead {
  readonly ok: false;
  readonly refusal: { readonly detail: string };
}

const sortedSet = (keys: readonly string[]): readonly string[] => [...new Set(keys)].sort();

const lists = (name: z.ZodType<string>): z.ZodType<AllowAndDeny | null> =>
  z
    .strictObject({
      allowed: z.array(name).max(LONGEST_LIST).default([]).transform(sortedSet),
      denied: z.array(name).max(LONGEST_LIST).default([]).transform(sortedSet),
    })
    .nullish()
    .transform((given) => (given && given.allowed.length + given.denied.length > 0 ? given : null));

const amount = z
  .union([z.string(), z.number()])
  .transform((given, context): Decimal => {
    const value = Decimal.tryParse(String(given));
    if (value && !value.isNegative() && !value.isGreaterThan(LARGEST_CREDIT)) return value;
    context.addIssue('a decimal number from 0 on is expected, as "25.00"');
    return z.NEVER;
  })
  .transform((value) => value.toString());

const currency = z
  .string()
  .refine((code) => Currency.find(code) !== undefined, 'a currency by ISO 4217 is expected, as EUR');

const credit = z.strictObject({ amount, currency, reservePerSession: amount }).nullish();

const stopMedium = z.union(
  [
    z.strictObject({ uid: read(parseUid) }).transform(({ uid }): StopMedium => ({ kind: 'rfid', uid })),
    z
      .strictObject({ evcoId: read(parseEvcoId) })
      .transform(({ evcoId }): StopMedium => ({ kind: 'plug-and-charge', evcoId })),
  ],
  'either {"uid": …} or {"evcoId": …} is expected',
);

const HASH_EXPECTED =
  'a Bcrypt hash ($2a$, $2b$, $2y$), cost 4 to 12, is expected, alone or as {value, function: "Bcrypt"}';
const hash = z.string().regex(BCRYPT, HASH_EXPECTED);

/**
 * Members of a contract that say what it allows. One that is absent stays as it is, `null` takes it away.
 * `pin` is hashed at once; `hashedPin` is a hash, alone or as OICP writes it.
 */
export const termsOfContract = {
  rules: z
    .strictObject({
      operators: lists(read(parseOperatorId).transform(operatorKey)),
      countries: lists(z.string().regex(/^[A-Z]{2}$/, 'a country by ISO 3166 is expected, two letters as DE')),
      sessionLimit: z
        .int()
        .min(1)
        .max(1_000_000)
        .nullish()
        .transform((limit) => limit ?? null),
      vehicleCertificate: z.enum(['valid', 'revoked']).default('valid'),
    })
    .nullish(),
  credit,
  stopIdentifications: z.array(stopMedium).max(MOST_STOP_MEDIA).nullish(),
  pin: z
    .string()
    .regex(/^[\x20-\x7e]{4,20}$/, '4 to 20 printable characters are expected')
    .nullish(),
  hashedPin: z
    .union(
      [hash, z.object({ value: hash, function: z.literal('Bcrypt') }).transform(({ value }) => value)],
      HASH_EXPECTED,
    )
    .nullish(),
};

/** What was given of them. */
export type ContractTerms = z.infer<z.ZodObject<typeof termsOfContract>>;
