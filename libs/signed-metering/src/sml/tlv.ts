import { LIMITS } from '../limits.ts';

/** An SML value. Integers keep no width: meters shorten them. */
export type SmlValue = Uint8Array | bigint | boolean | undefined | readonly SmlValue[];

export const isSmlList = (value: SmlValue): value is readonly SmlValue[] => Array.isArray(value);
export const bytesOf = (value: SmlValue): Uint8Array | undefined => (value instanceof Uint8Array ? value : undefined);
export const integerOf = (value: SmlValue): bigint | undefined => (typeof value === 'bigint' ? value : undefined);

class Fault extends Error {}

/** Reads the messages of an SML file's body; `undefined` if it is not SML. Never throws. */
export function readSmlMessages(body: Uint8Array): readonly SmlValue[] | undefined {
  const reader = new Reader(body);
  const messages: SmlValue[] = [];
  try {
    while (!reader.atEnd()) messages.push(reader.value(0));
    return messages;
  } catch (thrown) {
    if (thrown instanceof Fault) return undefined;
    throw thrown;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Filler zeros may follow the last message. */
  atEnd(): boolean {
    while (this.bytes[this.at] === 0) this.at += 1;
    return this.at >= this.bytes.length;
  }

  value(depth: number): SmlValue {
    if (depth > LIMITS.depth) throw new Fault();
    const start = this.at;
    const first = this.byte();
    if (first === 0) return undefined;
    let length = first & 0x0f;
    for (let last = first; last & 0x80;) {
      last = this.byte();
      length = length * 16 + (last & 0x0f);
      if (length > this.bytes.length) throw new Fault();
    }
    const type = (first >> 4) & 0x07;
    if (type === 7) return Array.from({ length: this.checked(length) }, () => this.value(depth + 1));
    const content = this.take(length - (this.at - start));
    switch (type) {
      case 0:
        return content.length === 0 && length === 1 ? undefined : content;
      case 4:
        return content[0] !== 0;
      case 5:
        return integer(content, 'signed');
      case 6:
        return integer(content, 'unsigned');
      default:
        throw new Fault();
    }
  }

  /** A list has at least one byte per element. */
  private checked(elements: number): number {
    if (elements > this.bytes.length - this.at) throw new Fault();
    return elements;
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new Fault();
    this.at += 1;
    return byte;
  }

  private take(length: number): Uint8Array {
    if (length < 0 || this.at + length > this.bytes.length) throw new Fault();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

function integer(content: Uint8Array, kind: 'signed' | 'unsigned'): bigint {
  if (content.length === 0 || content.length > 8) throw new Fault();
  const value = content.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return kind === 'signed' ? BigInt.asIntN(8 * content.length, value) : value;
}
