import type { Decimal } from '@emp/money';
import type { CdrFacts } from './cdr-facts.ts';
import { finding, type CdrFinding } from './cdr-finding.ts';

const SOURCE = 'OICP §8.3';
const pointer = '/MeterValueInBetween';

/** The counter of the meter never is negative, never runs backwards, and stays between start and end. */
export function checkMeter(facts: CdrFacts): readonly CdrFinding[] {
  return [...checkSign(facts), ...checkRise(facts), ...checkBounds(facts)];
}

function checkSign({ meterStartKwh, meterEndKwh }: CdrFacts): readonly CdrFinding[] {
  const negative = [['/MeterValueStart', meterStartKwh], ['/MeterValueEnd', meterEndKwh]] as const;
  return negative.flatMap(([member, reading]) => (reading?.isNegative() === true
    ? [finding('meter-negative', 'warning', 'no counter is negative', {
      source: 'our limit', pointer: member, numbers: { readingKwh: reading.toString() },
    })]
    : []));
}

function checkRise({ meterInBetweenKwh: readings }: CdrFacts): readonly CdrFinding[] {
  const at = readings.findIndex((reading, index) => reading.isLessThan(readings[index - 1] ?? reading));
  if (at < 0) return [];
  return [finding('in-between-not-monotonic', 'warning', 'the counter runs backwards in between', {
    source: SOURCE, pointer, numbers: { place: String(at), readingKwh: text(readings[at]), beforeKwh: text(readings[at - 1]) },
  })];
}

function checkBounds({ meterInBetweenKwh: readings, meterStartKwh: start, meterEndKwh: end }: CdrFacts): readonly CdrFinding[] {
  const outside = readings.find((reading) =>
    (start !== null && reading.isLessThan(start)) || (end !== null && reading.isGreaterThan(end)));
  if (!outside) return [];
  return [finding('in-between-outside', 'warning', 'a reading in between lies outside start and end', {
    source: SOURCE, pointer,
    numbers: { readingKwh: outside.toString(), ...(start && { startKwh: text(start) }), ...(end && { endKwh: text(end) }) },
  })];
}

const text = (reading: Decimal | undefined): string => reading?.toString() ?? '';
