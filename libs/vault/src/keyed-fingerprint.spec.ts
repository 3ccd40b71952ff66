import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { KeyedFingerprint } from './keyed-fingerprint.ts';

const expected = (key: Buffer, text: string): string =>
  createHmac('sha256', key).update(text).digest('hex').slice(0, 32);

describe('a keyed fingerprint', () => {
  it('is the beginning of HMAC-SHA-256, for any key and any text', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 64 }),
        fc.array(fc.oneof(fc.string({ maxLength: 70 }), fc.string({ unit: 'grapheme', maxLength: 60 })), {
          minLength: 1,
        }),
        (bytes, texts) => {
          const key = Buffer.from(bytes);
          const fingerprint = new KeyedFingerprint(createSecretKey(key));
          // One after the other: nothing of a text may be left for the next one.
          for (const text of texts) expect(fingerprint.of(text)).toBe(expected(key, text));
        },
      ),
    );
  });

  it.each([0, 1, 3, 4, 54, 55, 56, 63, 64, 65, 200])('is right for a text of %i characters', (length) => {
    const key = randomBytes(32);
    const text = 'x'.repeat(length);
    expect(new KeyedFingerprint(createSecretKey(key)).of(text)).toBe(expected(key, text));
  });

  it('takes no key that would have to be hashed first', () => {
    expect(() => new KeyedFingerprint(createSecretKey(randomBytes(65)))).toThrow(RangeError);
  });
});
