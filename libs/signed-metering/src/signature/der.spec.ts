import fc from 'fast-check';
import { ALL_CURVES, newKey } from '../../test/keys.ts';
import { curveOf } from '../keys/curves.ts';
import { readPublicKey } from '../keys/read-public-key.ts';
import { readDerSignature } from './der.ts';
import { verifySignature } from './verify-signature.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const read = (text: string, size = 24): string =>
  Buffer.from(readDerSignature(hex(text), size)?.raw ?? []).toString('hex');
const R = '4b322dbd3e5fcf5d4d0d2334052080ea6791c7126839237f';
const S = '9989dcbf73069c5abebea76bd9268ccff2c56edb8faf4090';

describe('readDerSignature', () => {
  it('reads strict DER', () => {
    expect(read(`30350218${R}021900${S}`)).toBe(R + S);
    expect(readDerSignature(hex(`30350218${R}021900${S}`), 24)?.deviations).toEqual([]);
    expect(read('3006020101020102', 2)).toBe('00010002');
  });

  it('reads an integer without its leading zero, as eBZ meters write it, and says so', () => {
    expect(read(`30340218${R}0218${S}`)).toBe(R + S);
    expect(readDerSignature(hex(`30340218${R}0218${S}`), 24)?.deviations).toEqual(['s lacks its leading zero']);
  });

  it('reads superfluous zeros and says so', () => {
    expect(read(`303602190${'0'}${R}021900${S}`)).toBe(R + S);
    expect(readDerSignature(hex(`3036021900${R}021900${S}`), 24)?.deviations).toEqual(['r has superfluous zeros']);
  });

  it.each([
    ['nothing', ''],
    ['a bare sequence', '3000'],
    ['one integer', `301a0218${R}`],
    ['a trailing byte', `30350218${R}021900${S}00`],
    ['a byte inside behind s', `30360218${R}021900${S}00`],
    ['an empty integer', `301c02000218${S}`],
    ['zero as r', `301d0201000218${S}`],
    ['an integer longer than the order', `30360219ff${R}021900${S}`],
    ['a wrong tag', `31350218${R}021900${S}`],
    ['a length past the end', `30350218${R}021a00${S}`],
    ['an indefinite length', `30800218${R}021900${S}0000`],
    ['a long form that was not needed', `3081350218${R}021900${S}`],
  ])('refuses %s', (_, text) => expect(readDerSignature(hex(text), 24)).toBeUndefined());

  it.each(ALL_CURVES)('finds the same r and s as OpenSSL on %s', (curve) => {
    const key = newKey(curve);
    const handle = readPublicKey(key.spki);
    if (!handle.ok) throw new Error('no key');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        const block = { name: 'record', bytes, encoding: 'der-or-raw' as const };
        expect(verifySignature({ ...block, signature: key.sign(bytes, 'der') }, handle.value)).toEqual({
          signed: true,
          deviations: [],
        });
        expect(verifySignature({ ...block, signature: key.sign(bytes) }, handle.value).signed).toBe(true);
        expect(readDerSignature(key.sign(bytes, 'der'), curveOf(curve).size)?.raw).toHaveLength(
          2 * curveOf(curve).size,
        );
      }),
      { numRuns: 10 },
    );
  });
});
