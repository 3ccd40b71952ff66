import { fromBase32 } from '../encoding/base32.ts';
import { billingFinding, completenessFinding, type MeteringFinding } from '../finding.ts';
import type { MeterTime } from '../meter-time.ts';
import { energyInKwh, scaled } from '../reading.ts';
import type { MeteringRecord } from '../record.ts';
import { registerOfBytes } from '../register.ts';
import { accepted, brokenOrCut, malformed, truncated, type Outcome } from '../rejection.ts';
import { timeFindings } from '../time-findings.ts';
import { ALFEN_LENGTH, readAlfenFields, type AlfenFields } from './alfen-fields.ts';

const RECORD = /^AP;([012]);[0-9A-Za-z];([A-Z2-7]+=*);([A-Z2-7]+=*);([A-Z2-7]+=*);?$/;
const WATT_HOURS = 30;
const METER_ERRORS = [1, 2];
const ADAPTER_ERRORS = [16, 30, 31];
const START_STOP_MISMATCH = 26;
/** Seen on stop and start records of real stations; signed, unlike the record's type. */
const STOP_MARK = 28;
const START_MARK = 29;

/**
 * Reads an Alfen record `AP;type;version;key;data;signature`. Type, version and key are not signed, so they prove
 * nothing.
 */
export function readAlfen(text: string): Outcome<MeteringRecord> {
  const [, type = '', key = '', data = '', signatureText = ''] = RECORD.exec(text) ?? [];
  if (type === '') {
    return text.split(';').length < 6
      ? truncated('the Alfen record lacks fields')
      : brokenOrCut(text, 'the Alfen record has a broken field');
  }
  const block = fromBase32(data);
  const signature = fromBase32(signatureText);
  if (block?.length !== ALFEN_LENGTH || signature?.length !== 48) return malformed('an Alfen field has a wrong length');
  const fields = readAlfenFields(block);
  if (fields.unit !== WATT_HOURS) return malformed('the Alfen value is not in watt-hours');
  const time = timeOf(fields);
  const value = scaled(fields.value, fields.scaler);
  return accepted({
    format: 'ALFEN',
    formatName: 'Alfen',
    blocks: [{ name: 'record', bytes: block, signature, encoding: 'raw' }],
    curves: ['secp192r1'],
    curveIsDefault: false,
    embeddedKey: key,
    meterId: `${fields.adapterId}/${fields.meterId}`,
    chargePointId: undefined,
    user: `${fields.uid}|${fields.sessionId}`,
    pagination: [{ context: 'Alfen', number: fields.paging, growth: 'rising' }],
    logbook: [],
    readings: [
      {
        purpose: 'unordered',
        register: registerOfBytes(fields.register),
        value,
        unit: 'Wh',
        energyKwh: energyInKwh(value, 'Wh'),
        time,
        secondIndex: Number(fields.secondIndex),
        findings: [...timeFindings(time), ...statusFindings(fields)],
      },
    ],
    findings: typeFindings(type, fields),
  });
}

function timeOf({ seconds }: AlfenFields): MeterTime {
  const millis = Number(seconds) * 1000;
  return { text: new Date(millis).toISOString(), wallMillis: millis, epochMillis: millis, quality: 'unstated' };
}

function statusFindings({ hasStatus }: AlfenFields): readonly MeteringFinding[] {
  const error = (bits: readonly number[], code: string, message: string): readonly MeteringFinding[] =>
    bits.some(hasStatus) ? [billingFinding(code, 'error', 'energy', message)] : [];
  return [
    ...error(METER_ERRORS, 'meter-state', 'the meter reports an error'),
    ...error(ADAPTER_ERRORS, 'adapter-state', 'the adapter that signs reports an error'),
    ...error(
      [START_STOP_MISMATCH],
      'start-stop-mismatch',
      'the adapter reports that start and stop do not belong together',
    ),
  ];
}

function typeFindings(type: string, { hasStatus }: AlfenFields): readonly MeteringFinding[] {
  const contradiction = (type !== '0' && hasStatus(START_MARK)) || (type !== '1' && hasStatus(STOP_MARK));
  return contradiction
    ? [
        completenessFinding(
          'type-contradicts-status',
          'warning',
          'the record calls itself start or stop against its signed status',
        ),
      ]
    : [];
}
