import { billableEnergyKwh, type CdrFacts } from './cdr-facts.ts';
import { finding, type CdrFinding } from './cdr-finding.ts';
import type { CheckContext } from './check-context.ts';

const SOURCE = 'OICP §8.3';
const pointer = '/ConsumedEnergy';

/** The energy is there, not absurd, and what the meter's counter says. */
export function checkEnergy(facts: CdrFacts, context: CheckContext): readonly CdrFinding[] {
  return [...checkAmount(facts, context), ...checkIdentity(facts, context)];
}

function checkAmount(facts: CdrFacts, { limits }: CheckContext): readonly CdrFinding[] {
  const energy = billableEnergyKwh(facts);
  if (!energy) {
    return [finding('energy-missing', 'error', 'neither ConsumedEnergy nor two meter readings', { source: SOURCE, pointer })];
  }
  const energyKwh = energy.toString();
  const about = { source: SOURCE, pointer, numbers: { energyKwh } };
  const findings: CdrFinding[] = [];
  if (!facts.consumedEnergyKwh) {
    findings.push(finding('energy-from-meter', 'warning', 'ConsumedEnergy is missing; taken from the meter readings', {
      source: 'OICP §15', pointer, numbers: { energyKwh },
    }));
  }
  if (energy.isNegative()) {
    findings.push(finding('energy-negative', 'error', 'the energy is negative', about));
  }
  if (energy.isZero()) {
    findings.push(finding('energy-zero', 'note', 'no energy was charged', { ...about, source: 'OICP §5' }));
  }
  if (energy.isGreaterThan(limits.maximumEnergyKwh)) {
    findings.push(finding('energy-absurd', 'error', 'no car takes that much', {
      source: SOURCE, pointer, numbers: { energyKwh, maximumKwh: limits.maximumEnergyKwh.toString() },
    }));
  }
  if (energy.isGreaterThan(limits.energyToleranceKwh) && !tookTime(facts)) {
    const message = 'energy flowed in no time';
    findings.push(finding('energy-without-duration', 'warning', message, { ...about, source: 'our limit' }));
  }
  return findings;
}

/** ConsumedEnergy = MeterValueEnd − MeterValueStart, within the tolerance; only where all three are told. */
function checkIdentity(facts: CdrFacts, { limits }: CheckContext): readonly CdrFinding[] {
  const { consumedEnergyKwh, meterStartKwh, meterEndKwh } = facts;
  if (!meterStartKwh || !meterEndKwh) return [];
  const metered = meterEndKwh.minus(meterStartKwh);
  if (metered.isNegative()) {
    return [finding('meter-runs-backwards', 'error', "the meter's counter ends below its start", {
      source: SOURCE, pointer: '/MeterValueEnd', numbers: { meteredKwh: metered.toString() },
    })];
  }
  if (!consumedEnergyKwh) return [];
  const difference = consumedEnergyKwh.minus(metered);
  if (!difference.abs().isGreaterThan(limits.energyToleranceKwh)) return [];
  return [finding('energy-identity', 'error', 'ConsumedEnergy is not what the meter readings say', {
    source: SOURCE, pointer,
    numbers: {
      consumedKwh: consumedEnergyKwh.toString(), meteredKwh: metered.toString(),
      differenceKwh: difference.toString(), toleranceKwh: limits.energyToleranceKwh.toString(),
    },
  })];
}

function tookTime(facts: CdrFacts): boolean {
  const start = facts.chargingStart ?? facts.sessionStart;
  const end = facts.chargingEnd ?? facts.sessionEnd;
  return !start || !end || end.epochMillis !== start.epochMillis;
}
