/** A block of fixed layout that is written field by field, for formats that sign a reconstructed block. */
export class Block {
  readonly bytes: Uint8Array;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
  }

  /** Writes at most `length` bytes; shorter content leaves zeros behind it. */
  put(offset: number, length: number, content: Uint8Array): this {
    this.bytes.set(content.subarray(0, length), offset);
    return this;
  }

  /** Writes the low `length` bytes of an integer, little-endian, two's complement. */
  putLittle(offset: number, length: number, value: bigint): this {
    for (let index = 0; index < length; index += 1)
      this.bytes[offset + index] = Number((value >> BigInt(8 * index)) & 0xffn);
    return this;
  }
}

/** An unsigned little-endian integer. */
export const littleEndian = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

export const signedLittleEndian = (bytes: Uint8Array): bigint => BigInt.asIntN(8 * bytes.length, littleEndian(bytes));

export const signedByte = (byte: number): number => (byte << 24) >> 24;

/** Text of a zero-padded field, printable characters only. */
export const paddedText = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/\0+$/, '')
    .replaceAll(/[^\x20-\x7e]/g, '?');
