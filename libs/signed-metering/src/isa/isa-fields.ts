import { Block, littleEndian, signedByte, signedLittleEndian } from '../bytes.ts';

/**
 * The 320 bytes an ISA-EDL-40P meter signs: the actual reading with its own inner signature, and the session's start.
 */
export interface IsaFields {
  readonly serverId: Uint8Array;
  readonly actual: IsaReading;
  readonly logbook: Uint8Array;
  readonly innerSignature: Uint8Array;
  readonly contract: Uint8Array;
  /** Manufacturer's or user's data. */
  readonly userData: Uint8Array;
  readonly start: IsaReading;
  readonly listName: Uint8Array;
  readonly pagination: bigint;
}

export interface IsaReading {
  readonly localSeconds: bigint;
  readonly status: number;
  readonly register: Uint8Array;
  readonly unit: number;
  readonly scaler: number;
  readonly value: bigint;
}

const LENGTH = 320;

export function writeIsaBlock({
  serverId,
  actual,
  logbook,
  innerSignature,
  contract,
  userData,
  start,
  listName,
  pagination,
}: IsaFields): Uint8Array {
  const block = new Block(LENGTH).put(0, 10, serverId).putLittle(10, 4, actual.localSeconds);
  putReading(block, 14, actual)
    .put(31, 2, logbook)
    .put(33, 66, innerSignature)
    .put(99, 128, contract)
    .putLittle(227, 4, start.localSeconds)
    .put(231, 20, userData);
  return putReading(block, 251, start).put(268, 6, listName).putLittle(274, 4, pagination).bytes;
}

/** Reads the block back: what is shown is what was signed. */
export function readIsaBlock(bytes: Uint8Array): IsaFields {
  return {
    serverId: bytes.subarray(0, 10),
    actual: readingAt(bytes, 14, 10),
    logbook: bytes.subarray(31, 33),
    innerSignature: bytes.subarray(33, 99),
    contract: bytes.subarray(99, 227),
    userData: bytes.subarray(231, 251),
    start: readingAt(bytes, 251, 227),
    listName: bytes.subarray(268, 274),
    pagination: littleEndian(bytes.subarray(274, 278)),
  };
}

/** Status, register, unit, scaler and value follow each other; the time stands elsewhere. */
const putReading = (block: Block, offset: number, reading: IsaReading): Block =>
  block
    .putLittle(offset, 1, BigInt(reading.status))
    .put(offset + 1, 6, reading.register)
    .putLittle(offset + 7, 1, BigInt(reading.unit))
    .putLittle(offset + 8, 1, BigInt(reading.scaler))
    .putLittle(offset + 9, 8, reading.value);

const readingAt = (bytes: Uint8Array, offset: number, timeOffset: number): IsaReading => ({
  localSeconds: littleEndian(bytes.subarray(timeOffset, timeOffset + 4)),
  status: bytes[offset] ?? 0,
  register: bytes.subarray(offset + 1, offset + 7),
  unit: bytes[offset + 7] ?? 0,
  scaler: signedByte(bytes[offset + 8] ?? 0),
  value: signedLittleEndian(bytes.subarray(offset + 9, offset + 17)),
});
