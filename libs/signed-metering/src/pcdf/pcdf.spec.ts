import { pcdf } from '../../test/alfen-pcdf.ts';
import { newKey } from '../../test/keys.ts';
import { verifySession } from '../session/verify-session.ts';
import { verifySignedValue } from '../verify-signed-value.ts';

const key = newKey('secp256r1');

describe('PCDF', () => {
  it.each([
    ['bare', pcdf(key)],
    ['between STX and ETX', `\u0002${pcdf(key)}\u0003`],
    ['between escaped marks', `\\u0002${pcdf(key)}\\u0003`],
    ['with a line end', `${pcdf(key)}\n`],
  ])("verifies a record %s: the session's energy", (_, text) => {
    const verdict = verifySignedValue(text);
    expect(verdict).toMatchObject({
      format: 'PCDF',
      integrity: 'valid',
      curve: 'secp256r1',
      meterId: '12345678901',
      begin: { text: '2026-05-01T10:00:00', epochMillis: undefined },
    });
    expect(verdict.signedEnergyKwh?.toString()).toBe('25.500');
  });

  it.each([
    [{ BV: '0' }, 'energy-flagged'],
    [{ SP: '3' }, 'session-not-stopped'],
  ])('verifies %j but does not bill it', (fields, code) => {
    const verdict = verifySession([pcdf(key, fields)]);
    expect(verdict).toMatchObject({ verdict: 'valid', questions: { billing: { energy: { answer: 'no' } } } });
    expect(verdict.findings.map((finding) => finding.code)).toContain(code);
  });

  it('bills no time that the station does not vouch for', () => {
    expect(verifySession([pcdf(key, { TV: '0' })]).questions.billing).toMatchObject({
      energy: { answer: 'yes' },
      duration: { answer: 'no' },
      time: { answer: 'no' },
    });
    expect(verifySession([pcdf(key)]).questions.billing).toMatchObject({
      duration: { answer: 'yes' },
      time: { answer: 'yes' },
    });
    expect(verifySession([pcdf(key, { CD: '010000' })]).findings.map(({ code }) => code)).toContain('duration-differs');
  });

  it.each([[{ DT: '' }], [{ RV: '25.5*Wh' }], [{ ST: '261301100000' }], [{ PK: '00' }]])(
    'refuses a record with %j',
    (fields) => {
      expect(verifySignedValue(pcdf(key, fields))).toMatchObject({ integrity: 'invalid', code: 'malformed' });
    },
  );

  it('refuses another key than the one inside', () => {
    expect(verifySignedValue(pcdf(key), { key: newKey('secp256r1').point })).toMatchObject({
      integrity: 'invalid',
      code: 'signature-wrong',
    });
    expect(verifySignedValue(pcdf(key).slice(0, -20))).toMatchObject({ integrity: 'unverifiable', code: 'truncated' });
  });
});
