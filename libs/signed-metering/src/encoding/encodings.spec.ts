import fc from 'fast-check';
import { base32 } from '../../test/keys.ts';
import { fromBase32 } from './base32.ts';
import { fromBase64 } from './base64.ts';
import { fromHex, toHex } from './hex.ts';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 100 });

describe('encodings', () => {
  it('give back what was encoded', () => {
    fc.assert(
      fc.property(bytes, (content) => {
        const hex = toHex(content);
        const buffer = Buffer.from(content);
        expect(toHex(fromHex(hex.toUpperCase()) ?? Buffer.of())).toBe(hex);
        expect(toHex(fromBase64(buffer.toString('base64')) ?? Buffer.of())).toBe(hex);
        expect(toHex(fromBase64(buffer.toString('base64url')) ?? Buffer.of())).toBe(hex);
        expect(toHex(fromBase32(base32(content)) ?? Buffer.of())).toBe(hex);
        expect(toHex(fromBase32(base32(content).replace(/=+$/, '')) ?? Buffer.of())).toBe(hex);
      }),
    );
  });

  it('let no two texts mean the same bytes: spare bits must be zero', () => {
    expect(fromBase64('QQ==')).toEqual(Uint8Array.of(0x41));
    expect(fromBase64('QR==')).toBeUndefined();
    expect(fromBase32('IE======')).toEqual(Uint8Array.of(0x41));
    expect(fromBase32('IF======')).toBeUndefined();
  });

  it.each(['', 'a', 'abc', 'zz', '12 34'])('refuses %j as hex', (text) => expect(fromHex(text)).toBeUndefined());
  it.each(['', 'A', 'AAAAA', 'AA=', 'AA==A', 'A+_A'])('refuses %j as base64', (text) =>
    expect(fromBase64(text)).toBeUndefined(),
  );
  it.each(['', 'A', 'AAA', 'AB1=', 'aa', 'AA=', 'AAAAAAAA========'])('refuses %j as base32', (text) =>
    expect(fromBase32(text)).toBeUndefined(),
  );
});
