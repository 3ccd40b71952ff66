import { Decimal } from '@emp/money';
import { fromHex } from '../encoding/hex.ts';
import { billingFinding, type MeteringFinding } from '../finding.ts';
import type { MeterTime } from '../meter-time.ts';
import type { MeterReading, Purpose } from '../reading.ts';
import type { MeteringRecord } from '../record.ts';
import { registerOfText } from '../register.ts';
import { accepted, malformed, truncated, type Outcome } from '../rejection.ts';
import { timeFindings } from '../time-findings.ts';
import { readPcdfFields, type PcdfFields } from './pcdf-fields.ts';

const START = '128.8.0(';
const SIGNATURE = '(SG:';
/** The register of a session's own energy, counted from zero. */
const SESSION_REGISTER = registerOfText('1-0:B2.8.0');

/** Reads Porsche Charging Data: one record is one session; what stands before `(SG:` is signed, its key included. */
export function readPcdf(text: string): Outcome<MeteringRecord> {
  const from = text.indexOf(START);
  const to = text.indexOf(SIGNATURE);
  if (from < 0) return malformed('the PCDF record does not start with 128.8.0');
  if (to < from || text.lastIndexOf(')') < to)
    return truncated('the PCDF record stops before the end of its signature');
  const record = text.slice(from, text.lastIndexOf(')') + 1);
  const signedText = text.slice(from, to);
  const fields = readPcdfFields(record.slice(START.length - 1));
  if (fields === undefined) return malformed('the PCDF record lacks a field or has a broken one');
  const signature = fromHex(fields.signature);
  if (signature === undefined) return malformed('the PCDF signature is not hex');
  return accepted({
    format: 'PCDF',
    formatName: 'PCDF',
    blocks: [{ name: 'record', bytes: Buffer.from(signedText, 'utf8'), signature, encoding: 'der' }],
    curves: ['secp256r1'],
    curveIsDefault: false,
    embeddedKey: fields.key,
    meterId: fields.hardware,
    chargePointId: undefined,
    user: fields.session,
    pagination: [{ context: 'PCDF', number: fields.sessionCounter, growth: 'rising' }],
    logbook: [],
    readings: [
      reading(fields, Decimal.parse('0.000'), fields.begin, 'begin'),
      reading(fields, fields.energyKwh, fields.end, 'end'),
    ],
    findings: flagFindings(fields),
  });
}

function reading(fields: PcdfFields, value: Decimal, wallMillis: number, purpose: Purpose): MeterReading {
  const time: MeterTime = {
    text: new Date(wallMillis).toISOString().slice(0, 19),
    wallMillis,
    epochMillis: undefined,
    quality: fields.timeValid ? 'synchronised' : 'unsynchronised',
  };
  return {
    purpose,
    register: SESSION_REGISTER,
    value,
    unit: 'kWh',
    energyKwh: value,
    time,
    findings: timeFindings(time),
  };
}

function flagFindings(fields: PcdfFields): readonly MeteringFinding[] {
  const findings: (MeteringFinding | false)[] = [
    !fields.billingValid &&
      billingFinding('energy-flagged', 'error', 'energy', 'the station marks the session as not billable (BV)'),
    !fields.stopped &&
      billingFinding('session-not-stopped', 'error', 'energy', 'the record was made before the session stopped (SP)'),
    Math.abs(fields.end - fields.begin - fields.durationSeconds * 1000) > 60_000 &&
      billingFinding(
        'duration-differs',
        'warning',
        'time',
        'the stated duration is not the time between start and end',
      ),
  ];
  return findings.filter((finding) => finding !== false);
}
