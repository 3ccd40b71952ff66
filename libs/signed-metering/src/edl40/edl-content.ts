import { toHex } from '../encoding/hex.ts';
import { billingFinding } from '../finding.ts';
import type { CurveName } from '../keys/curves.ts';
import { timeOfLocalSeconds } from '../meter-time.ts';
import { energyInKwh, scaled, type MeterReading, type Purpose } from '../reading.ts';
import type { MeteringRecord } from '../record.ts';
import { registerOfBytes } from '../register.ts';
import { timeFindings } from '../time-findings.ts';
import { readEdlBlock, type EdlFields } from './edl-fields.ts';

export const WATT_HOURS = 30;
const COMPENSATED_STORAGE = 200;

type EdlContent = Pick<MeteringRecord, 'meterId' | 'user' | 'pagination' | 'logbook' | 'readings'>;

/** Meters sign with P-192, eMOC meters with P-256: told by the length of r‖s. */
export const edlCurve = (signature: Uint8Array): CurveName => (signature.length === 64 ? 'secp256r1' : 'secp192r1');

/**
 * What a signed block of 320 bytes says. Always taken from the bytes that were signed, never from the fields they were
 * rebuilt from: a field too wide for its place could otherwise show another number than was signed.
 */
export function edlContent(block: Uint8Array, purpose: Purpose): EdlContent | undefined {
  const fields = readEdlBlock(block);
  if (fields === undefined || fields.unit !== WATT_HOURS) return undefined;
  return {
    meterId: toHex(fields.serverId),
    // The instant of identification is signed too, but meters repeat it with every reading.
    user: toHex(fields.contract),
    pagination: [{ context: 'EDL', number: fields.pagination, growth: 'consecutive' }],
    logbook: [toHex(fields.logbook)],
    readings: readingsOf(fields, purpose),
  };
}

/** The register itself and, when the meter deducts the cable's losses, its compensated twin, which is then billed. */
function readingsOf(fields: EdlFields, purpose: Purpose): readonly MeterReading[] {
  const { register, value, compensatedValue } = fields;
  const twin = Uint8Array.from([...register.subarray(0, 5), COMPENSATED_STORAGE]);
  const plain = readingOf(fields, register, value, purpose);
  return compensatedValue === 0n ? [plain] : [plain, readingOf(fields, twin, compensatedValue, purpose)];
}

function readingOf(fields: EdlFields, register: Uint8Array, count: bigint, purpose: Purpose): MeterReading {
  const time = timeOfLocalSeconds(Number(fields.localSeconds));
  const value = scaled(count, fields.scaler);
  return {
    purpose,
    register: registerOfBytes(register),
    value,
    unit: 'Wh',
    energyKwh: energyInKwh(value, 'Wh'),
    time,
    secondIndex: Number(fields.secondIndex),
    findings: [...timeFindings(time), statusNote(fields.status)],
  };
}

/** What the bits mean is not public; the logbook counter tells whether anything happened between two readings. */
export const statusNote = (status: number) =>
  billingFinding(
    'status-not-judged',
    'note',
    'energy',
    `the meter's status byte 0x${status.toString(16).padStart(2, '0')} is kept; its bits are not documented publicly`,
  );
