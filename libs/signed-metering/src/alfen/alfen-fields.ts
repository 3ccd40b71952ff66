import { littleEndian, paddedText, signedByte, signedLittleEndian } from '../bytes.ts';
import { toHex } from '../encoding/hex.ts';

/** The 82 signed bytes of an Alfen record. */
export interface AlfenFields {
  readonly adapterId: string;
  readonly firmware: string;
  readonly firmwareChecksum: string;
  readonly meterId: string;
  readonly hasStatus: (bit: number) => boolean;
  readonly secondIndex: bigint;
  /** Unix time. */
  readonly seconds: bigint;
  readonly register: Uint8Array;
  readonly unit: number;
  readonly scaler: number;
  readonly value: bigint;
  /** Card number: compared, never shown. */
  readonly uid: string;
  readonly sessionId: bigint;
  readonly paging: bigint;
}

export const ALFEN_LENGTH = 82;

export function readAlfenFields(bytes: Uint8Array): AlfenFields {
  const status = bytes.subarray(26, 30);
  return {
    adapterId: toHex(bytes.subarray(0, 10)),
    firmware: paddedText(bytes.subarray(10, 14)),
    firmwareChecksum: toHex(bytes.subarray(14, 16)),
    meterId: toHex(bytes.subarray(16, 26)),
    hasStatus: (bit) => ((status[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0,
    secondIndex: littleEndian(bytes.subarray(30, 34)),
    seconds: littleEndian(bytes.subarray(34, 38)),
    register: bytes.subarray(38, 44),
    unit: bytes[44] ?? 0,
    scaler: signedByte(bytes[45] ?? 0),
    value: signedLittleEndian(bytes.subarray(46, 54)),
    uid: toHex(bytes.subarray(54, 74)),
    sessionId: littleEndian(bytes.subarray(74, 78)),
    paging: littleEndian(bytes.subarray(78, 82)),
  };
}
