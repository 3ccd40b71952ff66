import { evseKey, parseEvseId } from '@emp/oicp';
import type { CdrFacts } from './cdr-facts.ts';
import { finding, type CdrFinding } from './cdr-finding.ts';
import type { CheckContext } from './check-context.ts';
import type { MeteringOutcome } from './metering-outcome.ts';

const SOURCE = 'OICP §12, calibration law';
const pointer = '/SignedMeteringValues';

/** What the signed values say for and against billing the record. */
export function checkMetering(facts: CdrFacts, context: CheckContext): readonly CdrFinding[] {
  const { metering, evse } = context;
  if (metering.verdict === 'absent') {
    const declared = typeof evse === 'object' && evse.calibrationLaw === 'External';
    return declared ? [missing()] : [];
  }
  return [
    ...checkVerdict(metering), ...checkKey(metering), ...checkBillable(metering),
    ...checkDifferences(facts, metering), ...checkPlace(facts, metering),
  ];
}

function missing(): CdrFinding {
  const message = 'the EVSE declares signed values (External), the record brings none';
  return finding('metering-missing', 'warning', message, { source: 'OICP §8.3, §12', pointer });
}

function checkVerdict({ verdict, code, reason }: MeteringOutcome): readonly CdrFinding[] {
  if (verdict === 'invalid' && code !== 'key-changed') {
    return [finding('metering-invalid', 'error', reason, { source: SOURCE, pointer, numbers: { code } })];
  }
  if (verdict === 'unverifiable') {
    return [finding('metering-unverifiable', 'warning', reason, { source: SOURCE, pointer, numbers: { code } })];
  }
  return [];
}

function checkKey({ code, keyNotice, key }: MeteringOutcome): readonly CdrFinding[] {
  const about = { source: SOURCE, pointer, numbers: { keyFingerprint: key?.fingerprint ?? '' } };
  if (code === 'key-changed') {
    return [finding('meter-key-changed', 'error', 'signed with another key than the registered one', about)];
  }
  switch (keyNotice) {
    case 'first-use':
      return [finding('meter-key-first-use', 'note', "the meter's key was seen for the first time", about)];
    case 'changed':
      return [finding('meter-key-changed', 'warning', 'signed with another key than the one noted at first use', about)];
    case 'revoked':
      return [finding('meter-key-revoked', 'error', 'signed with a key that was revoked', about)];
    case 'not-valid-then':
      return [finding('meter-key-not-valid-then', 'warning', 'the key was not valid at the time of the session', about)];
    default:
      return [];
  }
}

function checkBillable({ verdict, questions }: MeteringOutcome): readonly CdrFinding[] {
  if (verdict !== 'valid' || questions.energy.answer !== 'no') return [];
  return [finding('metering-not-billable', 'error', `the meter forbids billing: ${questions.energy.why}`, {
    source: SOURCE, pointer,
  })];
}

function checkDifferences(facts: CdrFacts, { verdict, differences, energyKwh }: MeteringOutcome): readonly CdrFinding[] {
  const { energy, begin, end, meterStart, meterEnd } = differences;
  const findings: CdrFinding[] = [];
  if (energy.answer === 'no') {
    const message = verdict === 'valid' ? 'other energy is billed than was signed' : 'other energy is billed than stated, unproven';
    findings.push(finding('metering-energy-differs', verdict === 'valid' ? 'error' : 'warning', message, {
      source: SOURCE, pointer: '/ConsumedEnergy',
      numbers: {
        billedKwh: facts.consumedEnergyKwh?.toString() ?? '', signedKwh: energyKwh ?? '',
        differenceKwh: energy.differenceKwh ?? '', toleranceKwh: energy.toleranceKwh ?? '',
      },
    }));
  }
  for (const [member, reading, billed] of [
    ['/MeterValueStart', meterStart, facts.meterStartKwh], ['/MeterValueEnd', meterEnd, facts.meterEndKwh],
  ] as const) {
    if (reading.answer !== 'no') continue;
    findings.push(finding('metering-reading-differs', 'warning', 'the reading is not the signed one', {
      source: SOURCE, pointer: member, numbers: { recordKwh: billed?.toString() ?? '', signedKwh: reading.signedKwh ?? '' },
    }));
  }
  if (begin.answer === 'no') {
    findings.push(finding('metering-begin-differs', 'warning', 'the record begins at another time than was signed', {
      source: SOURCE, pointer: '/ChargingStart', numbers: { differenceSeconds: String(begin.differenceSeconds) },
    }));
  }
  if (end.answer === 'no') {
    findings.push(finding('metering-end-differs', 'warning', 'the record ends at another time than was signed', {
      source: SOURCE, pointer: '/ChargingEnd', numbers: { differenceSeconds: String(end.differenceSeconds) },
    }));
  }
  return findings;
}

/** Serial numbers of charge boxes say nothing here; an EVSE id does. */
function checkPlace({ evseId }: CdrFacts, { chargePointId }: MeteringOutcome): readonly CdrFinding[] {
  if (evseId === null || chargePointId === null || !parseEvseId(chargePointId).ok) return [];
  if (evseKey(chargePointId) === evseKey(evseId)) return [];
  return [finding('metering-evse-differs', 'warning', 'the signed values name another EVSE', {
    source: SOURCE, pointer, numbers: { signedEvse: evseKey(chargePointId), recordEvse: evseKey(evseId) },
  })];
}
