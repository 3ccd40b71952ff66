import { ChargeDetailRecord } from '../messages/charge-detail-record.ts';
import { ChargingNotification } from '../messages/charging-notification.ts';
import { compareDecimals, isDifference } from '../numbers/decimal-order.ts';
import { DECIMAL_TEXT } from '../numbers/decimal-text.ts';
import type { SignedMeteringValue } from '../types/calibration-law.ts';
import type { MeterValueInBetween } from '../types/meter-values.ts';
import { crossRules, type CrossRule } from './cross-rules.ts';

/** kWh. OICP writes three decimals; meters round each of the three values. */
export const ENERGY_TOLERANCE = '0.01';
/** kWh; above it HBS refuses a record with 022. */
export const LARGEST_ENERGY = '1000';
const MOST_SIGNED_VALUES = 10;

interface Metered {
  readonly MeterValueStart?: string;
  readonly MeterValueEnd?: string;
  readonly MeterValueInBetween?: MeterValueInBetween;
  readonly ConsumedEnergy?: string;
}

const isDecimal = (text: unknown): text is string => typeof text === 'string' && DECIMAL_TEXT.test(text);

const energyIsTheDifference: CrossRule<Metered> = {
  code: 'energy-differs', severity: 'warning', source: '§8.3',
  check: ({ ConsumedEnergy: energy, MeterValueStart: start, MeterValueEnd: end }, complain) => {
    if (!isDecimal(energy) || !isDecimal(start) || !isDecimal(end)) return;
    if (!isDifference(energy, end, start, ENERGY_TOLERANCE)) {
      complain('ConsumedEnergy', `MeterValueEnd − MeterValueStart, ± ${ENERGY_TOLERANCE} kWh`);
    }
  },
};

const metersRise: CrossRule<Metered> = {
  code: 'meter-values-disordered', severity: 'warning', source: '§8.3',
  check: ({ MeterValueStart: start, MeterValueEnd: end, MeterValueInBetween: between }, complain) => {
    const values = [start, ...(Array.isArray(between?.meterValues) ? between.meterValues : []), end].filter(isDecimal);
    const falls = values.some((value, at) => at > 0 && compareDecimals(values[at - 1]!, value) > 0);
    if (falls) complain(between === undefined ? 'MeterValueEnd' : 'MeterValueInBetween', 'values that do not decrease');
  },
};

const plausibleEnergy: CrossRule<Metered> = {
  code: 'energy-implausible', severity: 'error', source: '§8.3, refused by HBS with 022',
  check: ({ ConsumedEnergy: energy }, complain) => {
    if (isDecimal(energy) && compareDecimals(energy, LARGEST_ENERGY) > 0) complain('ConsumedEnergy', `at most ${LARGEST_ENERGY} kWh`);
  },
};

crossRules(ChargeDetailRecord, energyIsTheDifference, metersRise, plausibleEnergy, {
  code: 'signed-values-too-many', severity: 'error', source: '§8.3, §12',
  check: ({ SignedMeteringValues: values }, complain) => {
    if (Array.isArray(values) && values.length > MOST_SIGNED_VALUES) {
      complain('SignedMeteringValues', `at most ${MOST_SIGNED_VALUES}: Start, up to eight of Progress, End`);
    }
  },
}, {
  code: 'signed-values-disordered', severity: 'warning', source: '§12',
  check: ({ SignedMeteringValues: values }, complain) => {
    if (Array.isArray(values) && !inOrder(values as readonly SignedMeteringValue[])) {
      complain('SignedMeteringValues', 'the order Start, Progress…, End');
    }
  },
});

crossRules(ChargingNotification, energyIsTheDifference, metersRise, plausibleEnergy);

const ORDER: Readonly<Record<string, number>> = { Start: 0, Progress: 1, End: 2 };

function inOrder(values: readonly (SignedMeteringValue | undefined)[]): boolean {
  const ranks = values.map((value) => ORDER[value?.MeteringStatus ?? ''] ?? -1).filter((rank) => rank >= 0);
  const rising = ranks.every((rank, at) => at === 0 || ranks[at - 1]! <= rank);
  return rising && ranks.filter((rank) => rank === 0).length <= 1 && ranks.filter((rank) => rank === 2).length <= 1;
}
