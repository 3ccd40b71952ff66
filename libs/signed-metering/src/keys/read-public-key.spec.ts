import fc from 'fast-check';
import { ALL_CURVES, base32, compressed, newKey } from '../../test/keys.ts';
import { curveOf } from './curves.ts';
import { readPublicKey } from './read-public-key.ts';

const fingerprintOf = (text: string, curve?: (typeof ALL_CURVES)[number]): string => {
  const key = curve === undefined ? readPublicKey(text) : readPublicKey(text, [curve]);
  return key.ok ? key.value.spki : key.rejection.code;
};

describe('readPublicKey', () => {
  it.each(ALL_CURVES)('reads every form of a key on %s as the same key', (curve) => {
    const key = newKey(curve);
    const der = Buffer.from(key.spki, 'hex');
    const short = `${curveOf(curve).compressedSpkiPrefix}${compressed(key)}`;
    const point = Buffer.from(key.point, 'hex');
    for (const text of [
      key.spki,
      key.spki.toUpperCase(),
      ` ${key.spki.match(/.{1,4}/g)?.join(' ')}\n`,
      der.toString('base64'),
      der.toString('base64url'),
      `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`,
      short,
      Buffer.from(`oca:base16:asn1:${key.spki}`).toString('base64'),
      Buffer.from(key.spki).toString('base64'),
      `oca:base16:asn1:${key.spki}`,
    ])
      expect(fingerprintOf(text)).toBe(key.spki);
    for (const text of [
      key.point,
      `04${key.point}`,
      compressed(key),
      point.toString('base64'),
      Buffer.from(compressed(key), 'hex').toString('base64'),
    ]) {
      expect(fingerprintOf(text, curve)).toBe(key.spki);
    }
  });

  it('reads the base32 of Alfen meters and of bare points', () => {
    const key = newKey('secp192r1');
    expect(fingerprintOf(base32(Buffer.from(compressed(key), 'hex')), 'secp192r1')).toBe(key.spki);
    expect(fingerprintOf(base32(Buffer.from(key.point, 'hex')), 'secp192r1')).toBe(key.spki);
  });

  it('never guesses the curve of a bare point', () => {
    const { point } = newKey('secp256r1');
    expect(readPublicKey(point)).toMatchObject({ ok: false, rejection: { code: 'key-malformed' } });
    expect(readPublicKey(point, ['secp192r1', 'secp256r1'])).toMatchObject({ ok: true, value: { curve: 'secp256r1' } });
  });

  it.each(ALL_CURVES)(
    'refuses what aborts or misleads node:crypto on %s: infinity, hybrid points, more bytes, points off the curve',
    (curve) => {
      const key = newKey(curve);
      const { spkiPrefix, size } = curveOf(curve);
      const oid = spkiPrefix.slice(4, -6);
      const infinity = `30${(oid.length / 2 + 4).toString(16).padStart(2, '0')}${oid}03020000`;
      const half = key.point.slice(0, 2 * size);
      const even = parseInt(key.point.slice(-1), 16) % 2 === 0;
      for (const text of [
        infinity,
        `${spkiPrefix}00`,
        `${spkiPrefix}${even ? '06' : '07'}${key.point}`,
        `${key.spki}00`,
        `${key.spki}0500`,
        `${spkiPrefix}04${half}${half}`,
        `${spkiPrefix}04${'00'.repeat(2 * size)}`,
        `${spkiPrefix}04${'ff'.repeat(2 * size)}`,
        key.spki.slice(0, -2),
      ])
        expect(fingerprintOf(text)).toBe('key-malformed');
      expect(fingerprintOf('00', curve)).toBe('key-malformed');
      expect(fingerprintOf('00'.repeat(2 * size), curve)).toBe('key-malformed');
    },
  );

  it('refuses RSA keys, other curves, JNDI strings and novels', () => {
    for (const text of [
      '',
      ' ',
      'key',
      '${jndi:ldap://127.0.0.1/a}',
      'a'.repeat(1_000_000),
      '304e301006072a8648ce3d020106052b81040021033a0004'.padEnd(160, '0'),
      '30820122300d06092a864886f70d01010105000382010f00',
    ])
      expect(fingerprintOf(text)).toBe('key-malformed');
  });

  it('reads no key from random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(fingerprintOf(Buffer.from(bytes).toString('hex'))).toBe('key-malformed');
      }),
    );
  });
});
