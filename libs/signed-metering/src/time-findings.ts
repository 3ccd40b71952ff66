import { billingFinding, type MeteringFinding } from './finding.ts';
import { isClockSet, type MeterTime } from './meter-time.ts';

/** What a reading's time says against billing by time. */
export function timeFindings(time: MeterTime | undefined): readonly MeteringFinding[] {
  if (time === undefined) return [billingFinding('time-missing', 'error', 'time', 'the reading has no readable time')];
  if (!isClockSet(time)) return [billingFinding('clock-not-set', 'error', 'time', "the meter's clock was not set")];
  return [];
}
