import { accepted, malformed, type Outcome } from '../rejection.ts';
import type { MeteringRecord } from '../record.ts';
import { indexOf, type SmlEntry, type SmlList, type SmlTime } from '../sml/get-list.ts';
import { bytesOf, integerOf } from '../sml/tlv.ts';
import { fromHex } from '../encoding/hex.ts';
import { edlContent, edlCurve } from './edl-content.ts';
import { writeEdlBlock } from './edl-fields.ts';

export const EDL_VALUE = '0100011100ff';
const ENTRY = {
  secondIndex: '810060080001',
  pagination: '8180817101ff',
  contract: '8182815401ff',
  historical: '010001110064',
  compensated: '0100011100c8',
  lineResistance: '00af6c6c72ff',
  stopwatch: '00af647572ff',
  price: '00af707263ff',
  signatureVersion: '00af737672ff',
} as const;
const EMOC_VERSION = 4n;
/** Where the bits of an eMOC meter's state go in the signed byte: [to, from]. */
const EMOC_STATUS: readonly (readonly [number, number])[] = [
  [0, 17],
  [3, 31],
  [4, 16],
  [5, 11],
  [6, 9],
  [7, 8],
];

/** Rebuilds the 320 bytes an EDL40 meter signed from its SML list. The list signature ends with two logbook bytes. */
export function readEdlSml(list: SmlList): Outcome<MeteringRecord> {
  const { entries, signature } = list;
  const raw = signature.subarray(0, -2);
  const entry = entries.get(EDL_VALUE);
  const value = integerOf(entry?.value);
  const pagination = integerOf(entries.get(ENTRY.pagination)?.value);
  const secondIndex = indexOf(entries.get(ENTRY.secondIndex)?.value);
  const contract = entries.get(ENTRY.contract);
  const contractId = bytesOf(contract?.value) ?? new Uint8Array();
  if (raw.length !== 48 && raw.length !== 64) return malformed(`an EDL40 signature of ${signature.length} bytes`);
  if (entry?.time === undefined || value === undefined || pagination === undefined || secondIndex === undefined) {
    return malformed('the EDL40 list lacks its value, time, pagination or seconds index');
  }
  if (contractId.length > 128 || list.serverId.length !== 10) return malformed('an EDL40 identifier is too long');
  const emoc = raw.length === 64 || integerOf(entries.get(ENTRY.signatureVersion)?.value) === EMOC_VERSION;
  const block = writeEdlBlock({
    serverId: list.serverId,
    localSeconds: localSecondsOf(entry.time),
    status: statusOf(entry, emoc),
    secondIndex,
    pagination,
    register: fromHex(EDL_VALUE) ?? new Uint8Array(),
    unit: entry.unit ?? 0,
    scaler: entry.scaler ?? 0,
    value,
    logbook: signature.subarray(-2),
    contract: contractId,
    contractLocalSeconds: localSecondsOf(contract?.time),
    historicalValue: integerIn(list, ENTRY.historical),
    compensatedValue: integerIn(list, ENTRY.compensated),
    lineResistance: integerIn(list, ENTRY.lineResistance),
    stopwatch: integerIn(list, ENTRY.stopwatch),
    price: integerIn(list, ENTRY.price),
  });
  const content = edlContent(block, 'unordered');
  if (content === undefined) return malformed('the EDL40 value is not in watt-hours');
  return accepted({
    format: 'EDL_40_P',
    formatName: emoc ? 'EDL40 (eMOC)' : 'EDL40',
    ...content,
    blocks: [{ name: 'record', bytes: block, signature: raw, encoding: 'raw' }],
    curves: [edlCurve(raw)],
    curveIsDefault: false,
    embeddedKey: undefined,
    chargePointId: undefined,
    findings: [],
  });
}

const integerIn = (list: SmlList, name: string): bigint => integerOf(list.entries.get(name)?.value) ?? 0n;

const localSecondsOf = (time: SmlTime | undefined): bigint =>
  time === undefined ? 0n : BigInt(time.seconds) + BigInt(60 * (time.offsetMinutes ?? 0));

function statusOf(entry: SmlEntry, emoc: boolean): number {
  const status = entry.status ?? 0n;
  if (!emoc) return Number(status & 0xffn);
  return EMOC_STATUS.reduce((byte, [to, from]) => byte | (Number((status >> BigInt(from)) & 1n) << to), 0);
}
