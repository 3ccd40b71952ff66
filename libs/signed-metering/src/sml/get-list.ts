import { toHex } from '../encoding/hex.ts';
import { accepted, malformed, type Outcome } from '../rejection.ts';
import { bytesOf, integerOf, isSmlList, readSmlMessages, type SmlValue } from './tlv.ts';
import { smlBody } from './transport.ts';

const GET_LIST_RESPONSE = 0x0701n;

/** An entry of a meter's list, by its OBIS code in hex. */
export interface SmlEntry {
  readonly status: bigint | undefined;
  readonly time: SmlTime | undefined;
  readonly unit: number | undefined;
  readonly scaler: number | undefined;
  readonly value: SmlValue;
  readonly signature: Uint8Array | undefined;
}

export interface SmlTime {
  readonly seconds: number;
  /** Minutes east, season included; `undefined` when the time has no offsets. */
  readonly offsetMinutes: number | undefined;
}

/** The response that carries a signed reading. */
export interface SmlList {
  readonly serverId: Uint8Array;
  readonly listName: Uint8Array | undefined;
  readonly signature: Uint8Array;
  readonly entries: ReadonlyMap<string, SmlEntry>;
}

/**
 * Finds the signed GetList response of an SML file. Several signed ones, or an entry twice, would be ambiguous:
 * refused.
 */
export function readSignedList(file: Uint8Array): Outcome<SmlList> {
  const body = smlBody(file);
  if (!body.ok) return body;
  const messages = readSmlMessages(body.value);
  if (messages === undefined) return malformed('the file is no SML');
  const lists = messages
    .map(getListResponse)
    .filter((response) => response !== undefined)
    .map(listOf);
  const [list, ...others] = lists;
  if (list === undefined) return malformed('the SML file has no list of values');
  return others.length > 0 ? malformed('the SML file has several lists of values') : list;
}

/** A message is [transaction, group, abort, [tag, body], crc, end]. */
function getListResponse(message: SmlValue): readonly SmlValue[] | undefined {
  if (!isSmlList(message) || !isSmlList(message[3])) return undefined;
  const [tag, body] = message[3];
  return integerOf(tag) === GET_LIST_RESPONSE && isSmlList(body) ? body : undefined;
}

/** A response is [client, server, list name, sensor time, values, list signature, gateway time]. */
function listOf(response: readonly SmlValue[]): Outcome<SmlList> {
  const serverId = bytesOf(response[1]);
  const signature = bytesOf(response[5]);
  const values = response[4];
  if (serverId === undefined || !isSmlList(values)) return malformed('the SML list names no meter or has no values');
  if (signature === undefined || signature.length < 3) return malformed('the SML list is not signed');
  const entries = new Map<string, SmlEntry>();
  for (const value of values) {
    const name = isSmlList(value) ? bytesOf(value[0]) : undefined;
    if (name === undefined || !isSmlList(value)) return malformed('an SML entry has no name');
    if (entries.has(toHex(name))) return malformed('an SML entry occurs twice');
    entries.set(toHex(name), entryOf(value));
  }
  return accepted({ serverId, listName: bytesOf(response[2]), signature, entries });
}

/** An entry is [name, status, time, unit, scaler, value, signature]. */
const entryOf = ([, status, time, unit, scaler, value, signature]: readonly SmlValue[]): SmlEntry => ({
  status: integerOf(status),
  time: timeOf(time),
  unit: numberOf(unit),
  scaler: numberOf(scaler),
  value,
  signature: bytesOf(signature),
});

function numberOf(value: SmlValue): number | undefined {
  const integer = integerOf(value);
  return integer === undefined ? undefined : Number(integer);
}

/** [1, index], [2, timestamp] or [3, [timestamp, local offset, season offset]]; a bare integer is a timestamp too. */
function timeOf(value: SmlValue): SmlTime | undefined {
  const [choice, content] = isSmlList(value) ? value : [2n, value];
  if (integerOf(choice) === 3n && isSmlList(content)) {
    const [seconds, local, season] = content.map(numberOf);
    return seconds === undefined ? undefined : { seconds, offsetMinutes: (local ?? 0) + (season ?? 0) };
  }
  const seconds = numberOf(content);
  return seconds === undefined ? undefined : { seconds, offsetMinutes: undefined };
}

/** The number in a seconds index, given as a bare integer or as [1, [1, n]]. */
export function indexOf(value: SmlValue): bigint | undefined {
  return isSmlList(value) ? indexOf(value.at(-1)) : integerOf(value);
}
