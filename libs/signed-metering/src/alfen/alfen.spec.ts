import { alfen, alfenBlock, alfenOf } from '../../test/alfen-pcdf.ts';
import { compressed, newKey } from '../../test/keys.ts';
import { verifySession } from '../session/verify-session.ts';
import { verifySignedValue } from '../verify-signed-value.ts';

const key = newKey('secp192r1');
const stop = { type: 1 as const, value: 41_262, paging: 19, seconds: 1_777_624_200, secondIndex: 2312 };

describe('Alfen', () => {
  it('verifies a record by the key inside it, and says that this key came with the record', () => {
    expect(verifySignedValue(alfen(key))).toMatchObject({
      format: 'ALFEN',
      integrity: 'valid',
      curve: 'secp192r1',
      key: { source: 'record', spki: key.spki },
      pagination: ['17'],
    });
  });

  it('pairs start and stop by their numbers, whatever the unsigned type says', () => {
    const verdict = verifySession([alfen(key, stop), alfen(key)]);
    expect(verdict).toMatchObject({
      verdict: 'valid',
      questions: { origin: { answer: 'unknown' }, completeness: { answer: 'yes' } },
    });
    expect(verdict.energyKwh?.toString()).toBe('25.500');
    const block = alfenBlock(stop);
    const retyped = alfenOf(0, compressed(key), block, key.sign(block));
    expect(verifySession([alfen(key), retyped]).energyKwh?.toString()).toBe('25.500');
  });

  it.each([
    [1, 'meter-state'],
    [16, 'adapter-state'],
    [30, 'adapter-state'],
    [26, 'start-stop-mismatch'],
  ])('does not bill when status bit %i is set', (bit, code) => {
    const verdict = verifySession([alfen(key), alfen(key, { ...stop, statusBits: [bit] })]);
    expect(verdict.questions).toMatchObject({ integrity: { answer: 'yes' }, billing: { energy: { answer: 'no' } } });
    expect(verdict.findings.map((finding) => finding.code)).toContain(code);
  });

  it('notices a type that contradicts the signed start and stop marks, another session, and a lost clock', () => {
    const codes = (more: object) =>
      verifySession([
        alfen(key, { statusBits: [29] }),
        alfen(key, { ...stop, statusBits: [28], ...more }),
      ]).findings.map(({ code }) => code);
    expect(codes({})).toEqual(['key-not-registered']);
    expect(codes({ type: 0 })).toContain('type-contradicts-status');
    expect(codes({ session: 19 })).toContain('user-differs');
    expect(codes({ seconds: 18 })).toEqual(['key-not-registered', 'clock-not-set']);
  });

  it('tells a record that was cut from a broken one', () => {
    const text = alfen(key);
    expect(verifySignedValue(text.slice(0, 60))).toMatchObject({ integrity: 'unverifiable', code: 'truncated' });
    expect(verifySignedValue(text.replace(/;3;../, ';3;00'))).toMatchObject({
      integrity: 'invalid',
      code: 'malformed',
    });
    expect(verifySignedValue(`${text}AAAA`)).toMatchObject({ integrity: 'invalid', code: 'malformed' });
  });
});
