import { statusNote, WATT_HOURS } from '../edl40/edl-content.ts';
import { fromHex, toHex } from '../encoding/hex.ts';
import { timeOfLocalSeconds } from '../meter-time.ts';
import { energyInKwh, scaled, type MeterReading, type Purpose } from '../reading.ts';
import type { MeteringRecord } from '../record.ts';
import { registerOfText } from '../register.ts';
import { accepted, malformed, type Outcome } from '../rejection.ts';
import type { SmlEntry, SmlList } from '../sml/get-list.ts';
import { bytesOf, integerOf } from '../sml/tlv.ts';
import { timeFindings } from '../time-findings.ts';
import { readIsaBlock, writeIsaBlock, type IsaReading } from './isa-fields.ts';

export const ISA_START = '010001080080';
export const ISA_PAGINATION = '8180c7f040ff';
const ACTUAL = '0100010800ff';
const CONTRACT = '8182815401ff';
const USER_DATA = '8180816101ff';
/** Fifth byte of the list name `81808162nnff`: what the record is in its session. */
const PURPOSES: readonly Purpose[] = ['intermediate', 'intermediate', 'end'];

/**
 * Rebuilds the 320 bytes an ISA-EDL-40P meter signed. Every record carries the session's start: the last one is the
 * session.
 */
export function readIsa(list: SmlList): Outcome<MeteringRecord> {
  const { entries, signature, serverId, listName } = list;
  const actual = readingOf(ACTUAL, entries.get(ACTUAL));
  const start = readingOf(ISA_START, entries.get(ISA_START));
  const innerSignature = entries.get(ACTUAL)?.signature;
  const pagination = integerOf(entries.get(ISA_PAGINATION)?.value);
  const contract = bytesOf(entries.get(CONTRACT)?.value) ?? new Uint8Array();
  const userData = bytesOf(entries.get(USER_DATA)?.value) ?? new Uint8Array();
  if (actual === undefined || start === undefined || pagination === undefined)
    return malformed('the ISA-EDL-40P list lacks a reading or its pagination');
  if (signature.length !== 66 || innerSignature?.length !== 66)
    return malformed('an ISA-EDL-40P signature has not 66 bytes');
  if (serverId.length !== 10 || listName?.length !== 6 || contract.length > 128 || userData.length > 20) {
    return malformed('an ISA-EDL-40P field has a wrong length');
  }
  const block = writeIsaBlock({
    serverId,
    actual,
    logbook: signature.subarray(-2),
    innerSignature,
    contract,
    userData,
    start,
    listName,
    pagination,
  });
  const signed = readIsaBlock(block);
  const purpose = toHex(signed.listName).startsWith('81808162') ? PURPOSES[signed.listName[4] ?? -1] : undefined;
  if (purpose === undefined || signed.actual.unit !== WATT_HOURS || signed.start.unit !== WATT_HOURS) {
    return malformed('the ISA-EDL-40P list has an unknown name or counts no watt-hours');
  }
  return accepted({
    format: 'ISA_EDL_40_P',
    formatName: 'ISA-EDL-40P',
    blocks: [{ name: 'record', bytes: block, signature: signature.subarray(0, -2), encoding: 'raw' }],
    curves: ['secp256r1'],
    curveIsDefault: false,
    embeddedKey: undefined,
    meterId: toHex(signed.serverId),
    chargePointId: undefined,
    user: toHex(signed.contract),
    pagination: [{ context: 'ISA', number: signed.pagination, growth: 'rising' }],
    logbook: [toHex(signed.logbook)],
    readings: [shown(signed.start, 'begin'), shown(signed.actual, purpose)],
    findings: [],
  });
}

function readingOf(register: string, entry: SmlEntry | undefined): IsaReading | undefined {
  const value = integerOf(entry?.value);
  const code = fromHex(register);
  if (entry?.time === undefined || value === undefined || code === undefined) return undefined;
  return {
    // Isabellenhütte's meters send local seconds already, with or without offsets beside them.
    localSeconds: BigInt(entry.time.seconds) + BigInt(60 * (entry.time.offsetMinutes ?? 0)),
    status: Number((entry.status ?? 0n) & 0xffn),
    register: code,
    unit: entry.unit ?? 0,
    scaler: entry.scaler ?? 0,
    value,
  };
}

/** Start and actual value are the same register, 1-0:1.8.0, under two codes. */
function shown(reading: IsaReading, purpose: Purpose): MeterReading {
  const time = timeOfLocalSeconds(Number(reading.localSeconds));
  const value = scaled(reading.value, reading.scaler);
  return {
    purpose,
    register: registerOfText('1-0:1.8.0'),
    value,
    unit: 'Wh',
    energyKwh: energyInKwh(value, 'Wh'),
    time,
    findings: [...timeFindings(time), statusNote(reading.status)],
  };
}
