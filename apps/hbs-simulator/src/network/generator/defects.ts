import type { Random } from '../../random.ts';

/** The shares in which real data is dirty, as measured on a national feed of 18 427 records. */
export const DEFECT_SHARES = {
  entranceNone: 0.952,
  houseNumberMissing: 0.898,
  mandatoryMissing: 0.579,
  foreignPrefix: 0.142,
  powerAsText: 0.133,
  powerFractional: 0.006,
  manyDecimals: 0.080,
  openingTimesMissing: 0.062,
  powerZero: 0.041,
  largeAmperage: 0.039,
  mixedCase: 0.036,
  powerTypeMissing: 0.026,
  powerMissing: 0.011,
  zoneMissing: 0.015,
  brokenOperator: 0.012,
  outsideCountry: 0.005,
  placeholderPosition: 0.003,
  namesAsObject: 0.002,
} as const;

export type Defect = keyof typeof DEFECT_SHARES;

/** EvseIDs that two operators claim; as many in a network of any size. */
export const DOUBLED_EVSE_IDS = 2;

/** Which record has which defects: exactly the shares, spread by chance. */
export type Defects = Readonly<Record<Defect, ReadonlySet<number>>>;

/** Defects that cannot be in one record, in each group. */
const EXCLUSIVE: readonly (readonly Defect[])[] = [
  ['powerMissing', 'powerZero', 'powerAsText', 'powerFractional', 'largeAmperage'],
  ['placeholderPosition', 'outsideCountry', 'manyDecimals'],
  ['brokenOperator', 'foreignPrefix', 'mixedCase'],
  // A record without names has them neither as a list nor as an object.
  ['namesAsObject', 'mandatoryMissing'],
];

export function spreadDefects(records: number, random: Random): Defects {
  const spread: Partial<Record<Defect, ReadonlySet<number>>> = {};
  for (const defect of Object.keys(DEFECT_SHARES) as Defect[]) {
    const taken = EXCLUSIVE.filter((group) => group.includes(defect)).flat().flatMap((other) => [...(spread[other] ?? [])]);
    spread[defect] = random.sample(Math.round(records * DEFECT_SHARES[defect]), records, new Set(taken));
  }
  return spread as Defects;
}
