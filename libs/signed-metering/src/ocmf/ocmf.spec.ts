import { ALL_CURVES, newKey } from '../../test/keys.ts';
import { algorithm, begin, end, ocmf, payload, session } from '../../test/ocmf.ts';
import { verifySignedValue } from '../verify-signed-value.ts';
import { registerOfText } from '../register.ts';

const key = newKey('secp256r1');
const codes = (text: string): readonly string[] =>
  verifySignedValue(text, { key: key.spki }).findings.map(({ code }) => code);

describe('OCMF', () => {
  it.each(ALL_CURVES)('verifies a session on %s, signed energy and times', (curve) => {
    const meter = newKey(curve);
    const verdict = verifySignedValue(session(meter), { key: meter.spki });
    expect(verdict).toMatchObject({
      format: 'OCMF',
      formatName: 'OCMF 1.4',
      integrity: 'valid',
      curve,
      meterId: 'GW-1/M-1',
      chargePointId: 'DE*ABC*E1',
    });
    expect(verdict.signedEnergyKwh?.toString()).toBe('25.5');
    expect(verdict.begin).toMatchObject({ epochMillis: Date.UTC(2026, 4, 1, 8), quality: 'synchronised' });
    expect(verdict.end?.text).toBe('2026-05-01T10:30:00,000+0200 S');
    expect(verifySignedValue(session(meter), { key: newKey(curve).spki })).toMatchObject({
      integrity: 'invalid',
      code: 'signature-wrong',
    });
  });

  it.each(['0.1', '0.2', '0.3', '0.4', '0.5', '1.0', '1.0.2', '1.1', '1.2', '1.3', '1.4'])(
    'reads version %s',
    (version) => {
      const meter = newKey('secp256k1');
      expect(
        verifySignedValue(ocmf(payload([begin(), end()], { FV: version }), meter), { key: meter.spki }),
      ).toMatchObject({
        integrity: 'valid',
        formatName: `OCMF ${version}`,
      });
    },
  );

  it.each(['1.5', '2.0', '0.0', 'x'])('reports version %s by name as unverifiable', (version) => {
    expect(verifySignedValue(ocmf(payload([begin(), end()], { FV: version }), key), { key: key.spki })).toMatchObject({
      integrity: 'unverifiable',
      code: 'unsupported-version',
      why: expect.stringContaining(version),
    });
    expect(verifySignedValue(session(key).replace('"1.4"', `"${version}"`), { key: key.spki })).toMatchObject({
      integrity: 'invalid',
      code: 'signature-wrong',
    });
  });

  it('reads an algorithm in the payload, as before 1.0, and none as P-256 or as the curve of the key, with a finding', () => {
    const k1 = newKey('secp256k1');
    const old = ocmf(payload([begin(), end()], { FV: '0.5', SA: algorithm(k1) }), k1, { SA: undefined });
    expect(verifySignedValue(old, { key: k1.point })).toMatchObject({ integrity: 'valid', curve: 'secp256k1' });
    const none = ocmf(payload([begin(), end()]), key, { SA: undefined });
    expect(verifySignedValue(none, { key: key.point }).integrity).toBe('valid');
    expect(codes(none)).toContain('algorithm-missing');
    const other = verifySignedValue(ocmf(payload([begin(), end()]), k1, { SA: undefined }), { key: k1.spki });
    expect(other).toMatchObject({ integrity: 'valid', curve: 'secp256k1' });
    expect(other.findings.map(({ code }) => code)).toContain('curve-of-key');
  });

  it('refuses a key of another curve than the algorithm names', () => {
    expect(verifySignedValue(session(key), { key: newKey('secp256k1').spki })).toMatchObject({
      integrity: 'invalid',
      code: 'key-curve-differs',
    });
  });

  it.each(['ECDSA-secp521r1-SHA512', 'RSA-2048-SHA256', 'ECDSA-secp256r1-SHA512', 'ECDSA-secp256r1'])(
    'cannot verify %s',
    (SA) => {
      expect(verifySignedValue(ocmf(payload([begin(), end()]), key, { SA }), { key: key.spki })).toMatchObject({
        integrity: 'unverifiable',
        code: 'unsupported-algorithm',
        why: expect.stringContaining(SA),
      });
    },
  );

  it('accepts raw r and s, a missing leading zero and base64, and says so', () => {
    const text = payload([begin(), end()]);
    const raw = ocmf(text, key, { SD: key.sign(Buffer.from(text)).toString('hex') });
    expect(verifySignedValue(raw, { key: key.spki }).integrity).toBe('valid');
    expect(codes(raw)).toContain('signature-encoding');
    const base64 = ocmf(text, key, { SD: key.sign(Buffer.from(text), 'der').toString('base64'), SE: 'base64' });
    expect(verifySignedValue(base64, { key: key.spki }).integrity).toBe('valid');
    const rs = key.sign(Buffer.from(text)).toString('hex');
    const unpadded = ocmf(text, key, { SD: `30440220${rs.slice(0, 64)}0220${rs.slice(64)}` });
    expect(verifySignedValue(unpadded, { key: key.spki }).integrity).toBe('valid');
  });

  it('verifies blanks and line ends of the payload as signed, and ignores blanks around the record', () => {
    const spaced = JSON.stringify(JSON.parse(payload([begin(), end()])), undefined, 2);
    expect(verifySignedValue(`\n ${ocmf(spaced, key)}\r\n`, { key: key.spki }).integrity).toBe('valid');
    expect(verifySignedValue(ocmf(spaced, key).replace('{\n', '{ \n'), { key: key.spki }).integrity).toBe('invalid');
  });

  it('inherits members of readings in order, before it chooses registers', () => {
    const readings = [
      begin({ RI: '1-0:1.8.0', RV: 57.584 }),
      { RV: 4.405, RI: '1-0:2.8.0' },
      end({ RI: '1-0:1.8.0', RV: 58.685, ST: undefined, EF: undefined, RU: undefined, RT: undefined }),
      { RV: 4.405, RI: '1-0:2.8.0' },
    ];
    const verdict = verifySignedValue(ocmf(payload(readings), key), { key: key.spki });
    expect(verdict.signedEnergyKwh?.toString()).toBe('1.101');
    expect(verdict.readings.map(({ purpose, register }) => `${purpose} ${register.kind}`)).toEqual([
      'begin import',
      'begin export',
      'end import',
      'end export',
    ]);
  });

  it.each([
    ['"       9.038"', '9.038', 'value-as-text'],
    ['"00000000.000"', '0.000', 'value-as-text'],
    ['"7,25"', '7.25', 'decimal-comma'],
    ['12.340', '12.340', undefined],
  ])('reads the value %s with its digits', (written, value, code) => {
    const text = payload([begin({ RV: 'HERE' }), end()]).replace('"HERE"', written);
    const verdict = verifySignedValue(ocmf(text, key), { key: key.spki });
    expect(verdict.readings[0]?.value?.toString()).toBe(value);
    expect(
      verdict.findings
        .map((finding) => finding.code)
        .filter((name) => name.startsWith('value') || name.startsWith('decimal')),
    ).toEqual(code ? [code] : []);
  });

  it('converts watt-hours exactly', () => {
    const text = payload([begin({ RV: 2850685, RU: 'Wh' }), end({ RV: 2850951, RU: 'Wh' })]);
    expect(verifySignedValue(ocmf(text, key), { key: key.spki }).signedEnergyKwh?.toString()).toBe('0.266');
  });

  it('reports what the meter says against billing', () => {
    expect(codes(ocmf(payload([begin(), end({ ST: 'S' })]), key))).toContain('substitute-value');
    expect(codes(ocmf(payload([begin(), end({ ST: 'M' })]), key))).toContain('meter-state');
    expect(codes(ocmf(payload([begin({ ST: undefined }), end({ ST: undefined })]), key))).toContain(
      'meter-state-missing',
    );
    expect(codes(ocmf(payload([begin(), end({ EF: 'Et' })]), key))).toEqual(['energy-flagged', 'time-flagged']);
    expect(codes(ocmf(payload([begin({ TM: '1970-01-01T00:00:08,000+0000 U' }), end()]), key))).toContain(
      'clock-not-set',
    );
    expect(codes(ocmf(payload([begin(), end()], { IL: 'MISMATCH' }), key))).toContain('user-assignment');
    expect(codes(ocmf(payload([begin({ CL: 3 }), end({ CL: 4 })]), key))).toContain('loss-counter');
  });

  it('reports a member that occurs twice: two readers could see two energies', () => {
    expect(codes(ocmf(payload([begin(), end()]).replace('"RV":125.5', '"RV":125.5,"RV":999'), key))).toContain(
      'ambiguous-payload',
    );
  });

  it('tells a record that was cut from one that is broken', () => {
    const text = session(key);
    const at = (length: number) => verifySignedValue(text.slice(0, length), { key: key.spki });
    for (const length of [20, 200, text.indexOf('|{"SA"'), text.indexOf('|{"SA"') + 10, text.length - 1]) {
      expect(at(length)).toMatchObject({ integrity: 'unverifiable', code: 'truncated' });
    }
    expect(verifySignedValue('OCMF|{"FV":"1.0",}|{}')).toMatchObject({ integrity: 'invalid', code: 'malformed' });
  });

  it.each([
    ['01-00:B3.08.00*FF', 'import', true],
    ['1-b:1.8.0', 'import', false],
    ['1-b:1.8.e', 'import', false],
    ['01-00:01.08.00.FF', 'import', false],
    ['1-0:98.8.0.FF', 'import', true],
    ['1-0:1.8.0*198', 'import', false],
    ['1-0:2.8.0', 'export', false],
    ['01-00:C1.08.00*FF', 'export', true],
    ['01-00:00.08.06.FF', 'other', false],
    ['01-00:B4.08.00*FF', 'other', false],
    ['1-b', 'unspecified', false],
  ])('classifies the register %s as %s', (text, kind, compensated) => {
    expect(registerOfText(text)).toMatchObject({ kind, compensated });
  });
});
