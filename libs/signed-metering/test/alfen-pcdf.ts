import { base32, compressed, type TestKey } from './keys.ts';
import { hex } from './sml.ts';

export interface TestAlfen {
  readonly type: 0 | 1 | 2;
  readonly value: number;
  readonly paging: number;
  readonly seconds: number;
  readonly secondIndex: number;
  readonly session: number;
  readonly statusBits: readonly number[];
}

const DEFAULTS: TestAlfen = {
  type: 0,
  value: 15_762,
  paging: 17,
  seconds: 1_777_622_400,
  secondIndex: 512,
  session: 18,
  statusBits: [],
};

export function alfenBlock(alfen: Partial<TestAlfen> = {}): Buffer {
  const { value, paging, seconds, secondIndex, session, statusBits } = { ...DEFAULTS, ...alfen };
  const block = Buffer.alloc(82);
  hex('0a54657374000000a1b2').copy(block, 0);
  block.write('v013', 10, 'latin1');
  hex('c0de').copy(block, 14);
  hex('0901454d480000102030').copy(block, 16);
  for (const bit of statusBits) block[26 + (bit >> 3)] = (block[26 + (bit >> 3)] ?? 0) | (1 << (bit & 7));
  block.writeUInt32LE(secondIndex, 30);
  block.writeUInt32LE(seconds, 34);
  hex('0100010800ff').copy(block, 38);
  block[44] = 30;
  block.writeBigInt64LE(BigInt(value), 46);
  block.write('04AB076A345B85', 54, 'latin1');
  block.writeUInt32LE(session, 74);
  block.writeUInt32LE(paging, 78);
  return block;
}

export const alfenOf = (type: number, keyHex: string, block: Uint8Array, signature: Uint8Array): string =>
  `AP;${type};3;${base32(hex(keyHex))};${base32(block)};${base32(signature)};`;

export function alfen(key: TestKey, more: Partial<TestAlfen> = {}): string {
  const block = alfenBlock(more);
  return alfenOf(more.type ?? 0, compressed(key), block, key.sign(block));
}

/** `fields` replaces members; an empty text removes one. */
export function pcdf(key: TestKey, fields: Record<string, string> = {}): string {
  const members: Record<string, string> = {
    ST: '260501100000',
    CT: '260501103000',
    CD: '003000',
    TV: '1',
    BV: '1',
    CSC: '18',
    SP: '1',
    RV: '0025.500*kWh',
    SI: '55*1*959bff1e',
    CS: '513f627b',
    HW: '12345678901',
    DT: '0',
    PK: `04${key.point}`,
    ...fields,
  };
  const signed = `128.8.0${Object.entries(members)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `(${name}:${value})`)
    .join('')}`;
  return `${signed}(SG:${key.sign(Buffer.from(signed), 'der').toString('hex')})`;
}
