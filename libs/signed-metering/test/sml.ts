import { crc16 } from '../src/sml/crc16.ts';

/** What an SML value is written from: bytes, numbers by kind, lists, `null` for an absent optional. */
export type Sml =
  | Uint8Array
  | null
  | readonly Sml[]
  | { readonly unsigned: bigint; readonly width: number }
  | { readonly signed: bigint; readonly width: number };

export const u8 = (value: number): Sml => ({ unsigned: BigInt(value), width: 1 });
export const u32 = (value: number): Sml => ({ unsigned: BigInt(value), width: 4 });
export const i64 = (value: number): Sml => ({ signed: BigInt(value), width: 8 });
export const i8 = (value: number): Sml => ({ signed: BigInt(value), width: 1 });
export const hex = (text: string): Buffer => Buffer.from(text, 'hex');

function header(type: number, length: number): Buffer {
  if (length < 16) return Buffer.of((type << 4) | length);
  return Buffer.of(0x80 | (type << 4) | (length >> 4), length & 15);
}

export function encode(value: Sml): Buffer {
  if (value === null) return Buffer.of(1);
  if (value instanceof Uint8Array) return octets(0, value);
  if (Array.isArray(value)) return Buffer.concat([header(7, value.length), ...value.map(encode)]);
  const { width, ...number } = value as { width: number; unsigned?: bigint; signed?: bigint };
  const digits = BigInt.asUintN(8 * width, number.unsigned ?? number.signed ?? 0n)
    .toString(16)
    .padStart(2 * width, '0');
  return octets(number.unsigned === undefined ? 5 : 6, hex(digits));
}

const octets = (type: number, content: Uint8Array): Buffer =>
  Buffer.concat([header(type, content.length + (content.length + 1 < 16 ? 1 : 2)), content]);

export const localTime = (seconds: number, offset: number): Sml => [
  u8(3),
  [u32(seconds), { signed: BigInt(offset), width: 2 }, { signed: 0n, width: 2 }],
];
export const plainTime = (seconds: number): Sml => [u8(2), u32(seconds)];

export interface TestEntry {
  readonly name: string;
  readonly status?: Sml;
  readonly time?: Sml;
  readonly unit?: number;
  readonly scaler?: number;
  readonly value: Sml;
  readonly signature?: Uint8Array;
}

/** One SML file with a GetList response. */
export function smlFile(
  serverId: string,
  listName: string,
  entries: readonly TestEntry[],
  signature: Uint8Array,
): Buffer {
  const list = entries.map(({ name, status, time, unit, scaler, value, signature: own }): Sml => [
    hex(name),
    status ?? null,
    time ?? null,
    unit === undefined ? null : u8(unit),
    scaler === undefined ? null : i8(scaler),
    value,
    own ?? null,
  ]);
  const response: Sml = [null, hex(serverId), hex(listName), null, list, signature, null];
  const message = Buffer.concat([
    Buffer.of(0x76),
    encode(hex('3100')),
    encode(u8(0)),
    encode(u8(0)),
    encode([{ unsigned: 0x701n, width: 2 }, response]),
    encode({ unsigned: 0n, width: 2 }),
    Buffer.of(0),
  ]);
  return transport(message);
}

const ESCAPE = hex('1b1b1b1b');

export function transport(message: Buffer): Buffer {
  const escaped = hex(message.toString('hex').replaceAll(/(?<=^(?:..)*)1b1b1b1b/g, '1b1b1b1b1b1b1b1b'));
  const padding = (4 - (escaped.length % 4)) % 4;
  const unchecked = Buffer.concat([
    ESCAPE,
    hex('01010101'),
    escaped,
    Buffer.alloc(padding),
    ESCAPE,
    Buffer.of(0x1a, padding),
  ]);
  const crc = crc16(unchecked);
  return Buffer.concat([unchecked, Buffer.of(crc & 255, crc >> 8)]);
}
