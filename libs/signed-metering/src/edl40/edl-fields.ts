import { Block, littleEndian, signedByte, signedLittleEndian } from '../bytes.ts';

/** The 320 bytes an EDL40 meter signs, field by field. */
export interface EdlFields {
  readonly serverId: Uint8Array;
  /** The meter's clock face in seconds since 1970 (local time). */
  readonly localSeconds: bigint;
  /** Low byte of the meter's state, for eMOC meters re-arranged. */
  readonly status: number;
  readonly secondIndex: bigint;
  readonly pagination: bigint;
  readonly register: Uint8Array;
  /** 30 is Wh. */
  readonly unit: number;
  readonly scaler: number;
  readonly value: bigint;
  /** Counts events such as a clock that was set, as stored. */
  readonly logbook: Uint8Array;
  readonly contract: Uint8Array;
  readonly contractLocalSeconds: bigint;
  readonly historicalValue: bigint;
  readonly compensatedValue: bigint;
  readonly lineResistance: bigint;
  readonly stopwatch: bigint;
  readonly price: bigint;
}

export const EDL_LENGTH = 320;
const REST = 197;

/** Lays the fields out as they are signed. */
export function writeEdlBlock(fields: EdlFields): Uint8Array {
  return new Block(EDL_LENGTH)
    .put(0, 10, fields.serverId)
    .putLittle(10, 4, fields.localSeconds)
    .putLittle(14, 1, BigInt(fields.status))
    .putLittle(15, 4, fields.secondIndex)
    .putLittle(19, 4, fields.pagination)
    .put(23, 6, fields.register)
    .putLittle(29, 1, BigInt(fields.unit))
    .putLittle(30, 1, BigInt(fields.scaler))
    .putLittle(31, 8, fields.value)
    .put(39, 2, fields.logbook)
    .put(41, 128, fields.contract)
    .putLittle(169, 4, fields.contractLocalSeconds)
    .putLittle(173, 8, fields.historicalValue)
    .putLittle(181, 8, fields.compensatedValue)
    .putLittle(189, 2, fields.lineResistance)
    .putLittle(191, 4, fields.stopwatch)
    .put(195, 2, Uint8Array.of(Number((fields.price >> 8n) & 0xffn), Number(fields.price & 0xffn))).bytes;
}

/** Reads a block that was handed over as such; `undefined` if its length or its unused rest is not that of EDL40. */
export function readEdlBlock(bytes: Uint8Array): EdlFields | undefined {
  if (bytes.length !== EDL_LENGTH || bytes.subarray(REST).some((byte) => byte !== 0)) return undefined;
  return {
    serverId: bytes.subarray(0, 10),
    localSeconds: littleEndian(bytes.subarray(10, 14)),
    status: bytes[14] ?? 0,
    secondIndex: littleEndian(bytes.subarray(15, 19)),
    pagination: littleEndian(bytes.subarray(19, 23)),
    register: bytes.subarray(23, 29),
    unit: bytes[29] ?? 0,
    scaler: signedByte(bytes[30] ?? 0),
    value: signedLittleEndian(bytes.subarray(31, 39)),
    logbook: bytes.subarray(39, 41),
    contract: bytes.subarray(41, 169),
    contractLocalSeconds: littleEndian(bytes.subarray(169, 173)),
    historicalValue: signedLittleEndian(bytes.subarray(173, 181)),
    compensatedValue: signedLittleEndian(bytes.subarray(181, 189)),
    lineResistance: littleEndian(bytes.subarray(189, 191)),
    stopwatch: littleEndian(bytes.subarray(191, 195)),
    price: BigInt(((bytes[195] ?? 0) << 8) | (bytes[196] ?? 0)),
  };
}
