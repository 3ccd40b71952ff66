import { billingFinding } from '../finding.ts';
import { isList, isObject, JsonNumber, textOf, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { LIMITS } from '../limits.ts';
import { energyInKwh, type MeterReading, type Purpose } from '../reading.ts';
import { registerOfText } from '../register.ts';
import { accepted, malformed, type Outcome } from '../rejection.ts';
import { timeFindings } from '../time-findings.ts';
import { readOcmfTime } from './ocmf-time.ts';
import { readOcmfValue } from './ocmf-value.ts';
import { errorFlagFindings, exceptionFindings, lossFindings, stateFindings } from './reading-findings.ts';

const INHERITED = ['TM', 'TX', 'RI', 'RU', 'RT', 'EF', 'ST'];
const PURPOSES: ReadonlyMap<string, Purpose> = new Map([
  ['B', 'begin'],
  ['C', 'intermediate'],
  ['X', 'intermediate'],
  ['S', 'intermediate'],
  ['T', 'intermediate'],
  ['E', 'end'],
  ['L', 'end'],
  ['R', 'end'],
  ['A', 'end'],
  ['P', 'end'],
]);

export interface ReadingContext {
  /** `F` for fiscal readings outside of transactions. */
  readonly paginationContext: string;
  /** Since OCMF 0.3 every reading states the meter's condition. */
  readonly stateMandatory: boolean;
}

/**
 * Reads `RD`. A member equal to the previous reading's may be left out, so members are inherited in order, before any
 * choice.
 */
export function readOcmfReadings(
  list: JsonValue | undefined,
  context: ReadingContext,
): Outcome<readonly MeterReading[]> {
  if (!isList(list) || list.length === 0) return malformed('the record has no readings');
  if (list.length > LIMITS.readings) return malformed(`a record of ${list.length} readings`);
  const readings: MeterReading[] = [];
  let previous = new Map<string, JsonValue>();
  for (const item of list) {
    if (!isObject(item)) return malformed('a reading is no object');
    const complete = inheriting(item, previous);
    readings.push(readingOf(complete, context));
    previous = complete;
  }
  return accepted(readings);
}

function inheriting(item: JsonObject, previous: JsonObject): Map<string, JsonValue> {
  const complete = new Map(item);
  for (const name of INHERITED) {
    const value = item.get(name) ?? previous.get(name);
    if (value !== undefined) complete.set(name, value);
  }
  return complete;
}

function readingOf(item: JsonObject, { paginationContext, stateMandatory }: ReadingContext): MeterReading {
  const transaction = textOf(item, 'TX');
  const flags = textOf(item, 'EF');
  const time = readOcmfTime(textOf(item, 'TM') ?? '');
  const unit = textOf(item, 'RU')?.trim() ?? '';
  const { value, findings } = readOcmfValue(item.get('RV'));
  const loss = item.get('CL');
  return {
    purpose: PURPOSES.get(transaction ?? '') ?? (paginationContext === 'F' ? 'fiscal' : 'unordered'),
    register: registerOfText(textOf(item, 'RI')),
    value,
    unit,
    energyKwh: energyInKwh(value, unit),
    time,
    findings: [
      ...findings,
      ...(value === undefined
        ? [billingFinding('value-missing', 'error', 'energy', 'a reading has no readable value')]
        : []),
      ...stateFindings(textOf(item, 'ST'), stateMandatory),
      ...errorFlagFindings(flags),
      ...exceptionFindings(transaction, flags),
      ...timeFindings(time),
      ...lossFindings(loss instanceof JsonNumber ? loss.literal : undefined, transaction),
    ],
  };
}
