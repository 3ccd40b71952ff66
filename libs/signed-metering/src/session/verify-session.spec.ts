import { alfen, pcdf } from '../../test/alfen-pcdf.ts';
import { newKey } from '../../test/keys.ts';
import { begin, end, ocmf, payload, reading, session, type TestReading } from '../../test/ocmf.ts';
import { verifySession } from './verify-session.ts';

const key = newKey('secp256r1');
const other = newKey('secp256r1');
const first = (more = {}, members = {}): string => ocmf(payload([begin(more)], { PG: 'T7', ...members }), key);
const last = (more = {}, members = {}): string => ocmf(payload([end(more)], { PG: 'T8', ...members }), key);
const judge = (values: readonly string[], options = {}) =>
  verifySession(values, { registeredKey: key.spki, ...options });
const codes = (values: readonly string[]): readonly string[] =>
  judge(values)
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

describe('verifySession', () => {
  it('says absent when there are no values', () => {
    expect(verifySession([])).toMatchObject({ verdict: 'absent' });
    expect(verifySession(['', ' \n'])).toMatchObject({ verdict: 'absent' });
  });

  it.each([
    ['one record', [session(key)]],
    ['one record in begin and end', [session(key), session(key)]],
    ['two records', [first(), last()]],
    ['two records the wrong way round', [last(), first()]],
    ['the begin repeated by the whole', [session(key), first()].reverse()],
  ])('answers yes four times for %s signed with the registered key', (_, values) => {
    const verdict = judge(_ === 'the begin repeated by the whole' ? [first({}, { PG: 'T6' }), session(key)] : values);
    expect(verdict).toMatchObject({
      verdict: 'valid',
      code: 'signed',
      register: '01-00:B2.08.00*FF',
      findings: [],
      questions: {
        integrity: { answer: 'yes' },
        origin: { answer: 'yes' },
        completeness: { answer: 'yes' },
        billing: { energy: { answer: 'yes' }, duration: { answer: 'yes' }, time: { answer: 'yes' } },
      },
    });
    expect(verdict.energyKwh?.toString()).toBe('25.5');
    expect(verdict.begin?.epochMillis).toBe(Date.UTC(2026, 4, 1, 8));
  });

  describe('origin', () => {
    it('is unknown when only the record brings the key: integrity, not origin', () => {
      const verdict = verifySession([session(key)], { publicKey: key.spki });
      expect(verdict).toMatchObject({
        verdict: 'valid',
        questions: { integrity: { answer: 'yes' }, origin: { answer: 'unknown' } },
        values: [{ key: { source: 'given' } }],
      });
      expect(verdict.questions.origin.why).toMatch(/not whose meter/);
    });

    it('is no when the values are signed, but with another key than the registered one', () => {
      const verdict = verifySession([session(other)], { publicKey: other.spki, registeredKey: key.spki });
      expect(verdict).toMatchObject({
        verdict: 'invalid',
        code: 'key-changed',
        energyKwh: undefined,
        questions: { integrity: { answer: 'yes' }, origin: { answer: 'no' } },
      });
    });

    it('is no when the record brings its own other key', () => {
      const meter = newKey('secp192r1');
      expect(
        verifySession([alfen(meter), alfen(meter, { paging: 18, value: 15_763, secondIndex: 513 })], {
          registeredKey: newKey('secp192r1').spki,
        }),
      ).toMatchObject({
        verdict: 'invalid',
        code: 'key-changed',
        questions: { origin: { answer: 'no' } },
      });
    });

    it('is yes, with a warning, when the record names another key than the registered one that signed', () => {
      const verdict = judge([session(key)], { publicKey: other.spki });
      expect(verdict).toMatchObject({
        verdict: 'valid',
        questions: { origin: { answer: 'yes' } },
        findings: [{ code: 'delivered-key-differs', severity: 'warning' }],
      });
    });

    it('is no when a forger claims another curve than that of the bare point in the registry', () => {
      const forger = newKey('secp192r1');
      const forged = session(forger);
      expect(verifySession([forged], { publicKey: forger.spki, registeredKey: key.point })).toMatchObject({
        verdict: 'invalid',
        code: 'key-changed',
        questions: { origin: { answer: 'no' } },
      });
      expect(verifySession([forged], { registeredKey: key.point })).toMatchObject({ verdict: 'invalid' });
    });

    it('falls back to the delivered key when the registry holds something unreadable', () => {
      const verdict = verifySession([session(key)], { publicKey: key.spki, registeredKey: 'n/a' });
      expect(verdict).toMatchObject({
        verdict: 'valid',
        questions: { origin: { answer: 'unknown' } },
        findings: [{ code: 'registered-key-unreadable' }],
      });
    });
  });

  describe('integrity', () => {
    it('is no when one of the values was changed, whatever the others say', () => {
      const verdict = judge([first(), last().replace('125.5', '925.5')]);
      expect(verdict).toMatchObject({
        verdict: 'invalid',
        code: 'signature-wrong',
        energyKwh: undefined,
        begin: undefined,
        questions: { integrity: { answer: 'no' } },
      });
      expect(verdict.questions.billing.energy.answer).not.toBe('yes');
      expect(verdict.values.map(({ integrity }) => integrity).sort()).toEqual(['invalid', 'valid']);
    });

    it('is no when a copy of a record has a wrong signature', () => {
      const forged = session(key).replace(
        /("SD":"30..02..)(..)/,
        (_, head: string, byte: string) => head + (byte === '11' ? '12' : '11'),
      );
      for (const values of [
        [session(key), forged],
        [forged, session(key)],
      ])
        expect(judge(values)).toMatchObject({ verdict: 'invalid', code: 'signature-wrong' });
    });

    it('is unknown without a key, and what the values say is then no proof', () => {
      const verdict = verifySession([session(key)]);
      expect(verdict).toMatchObject({
        verdict: 'unverifiable',
        code: 'key-missing',
        questions: {
          integrity: { answer: 'unknown' },
          completeness: { answer: 'unknown' },
          billing: { energy: { answer: 'unknown' } },
        },
      });
      expect(verdict.energyKwh?.toString()).toBe('25.5');
    });

    it('is unknown for a format nobody here knows, which is named', () => {
      const verdict = judge(['{"@context":"https://example.org/other-meter"}'], { encodingFormat: 'Other Meter V1' });
      expect(verdict).toMatchObject({
        verdict: 'unverifiable',
        code: 'unknown-format',
        values: [{ formatName: 'unknown, announced as Other Meter V1' }],
      });
      expect(verdict.why).toContain('example.org');
    });
  });

  describe('completeness', () => {
    it.each([
      ['the begin', [last()], 'begin-missing'],
      ['the end', [first()], 'end-missing'],
      ['a record between', [first(), last({}, { PG: 'T9' })], 'record-missing'],
      ['the order', [first({}, { PG: 'T9' }), last()], 'begin-after-end'],
      ['a unique number', [first(), last({}, { PG: 'T7' })], 'pagination-conflict'],
      ['one counter', [first(), last({}, { PG: 'F8' })], 'contexts-differ'],
      ['one meter', [first(), last({}, { MS: 'M-2' })], 'meter-differs'],
      ['one user', [first(), last({}, { ID: '00' })], 'user-differs'],
      [
        'one session',
        [session(key), ocmf(payload([begin({ RV: 200 }), end({ RV: 201 })], { PG: 'T8' }), key)],
        'several-begins',
      ],
      ['one register', [first(), last({ RI: '1-0:1.8.0' })], 'end-missing'],
      ['a register of energy', [ocmf(payload([begin({ RU: 'sec' }), end({ RU: 'sec' })]), key)], 'energy-missing'],
      ['a counter that runs forward', [first(), last({ RV: 99 })], 'counter-backwards'],
      ['a clock that runs forward', [first(), last({ TM: '2026-05-01T09:00:00,000+0200 S' })], 'time-backwards'],
    ])('misses %s', (_, values, code) => {
      expect(codes(values)).toContain(code);
      expect(judge(values)).toMatchObject({
        questions: { integrity: { answer: 'yes' }, completeness: { answer: 'no' } },
      });
      expect(judge(values).verdict).not.toBe('valid');
    });

    it('accepts records between begin and end when none is missing', () => {
      const between = ocmf(
        payload([reading({ TX: 'T', RV: 110, TM: '2026-05-01T10:10:00,000+0200 S' })], { PG: 'T8' }),
        key,
      );
      expect(judge([first(), last({}, { PG: 'T9' }), between])).toMatchObject({ verdict: 'valid' });
    });

    it('does not mix formats', () => {
      expect(verifySession([session(key), pcdf(key)], { publicKey: key.spki })).toMatchObject({
        verdict: 'invalid',
        code: 'formats-differ',
      });
    });
  });

  describe('registers', () => {
    const total = (more: object) => ({ RI: '01-00:01.08.00*FF', ...more });

    it('prefers the register with deducted losses, of this transaction, and never adds the export', () => {
      const readings = ['01', '98', 'B0', 'B1', 'B2', 'B3', 'C2'].flatMap((group, index) => [
        begin({ RI: `01-00:${group}.08.00*FF`, RV: 0 }),
        end({ RI: `01-00:${group}.08.00*FF`, RV: index + 1 }),
      ]);
      expect(judge([ocmf(payload(readings), key)])).toMatchObject({
        verdict: 'valid',
        register: '01-00:B3.08.00*FF',
        energyKwh: expect.objectContaining({}),
      });
      expect(judge([ocmf(payload(readings), key)]).energyKwh?.toString()).toBe('6');
    });

    it('takes the next register when the preferred one was read only once, and says so', () => {
      const verdict = judge([ocmf(payload([begin(total({})), begin(), end(total({ RV: 105 }))]), key)]);
      expect(verdict.energyKwh?.toString()).toBe('5');
      expect(verdict.findings.map(({ code }) => code)).toContain('register-unpaired');
    });
  });

  describe('billing', () => {
    const billing = (from: TestReading, to: TestReading) => {
      const { energy, duration, time } = judge([ocmf(payload([begin(from), end(to)]), key)]).questions.billing;
      return [energy.answer, duration.answer, time.answer].join(' ');
    };
    const at = (flag: string) => ({
      from: { TM: `2026-05-01T10:00:00,000+0200 ${flag}` },
      to: { TM: `2026-05-01T10:30:00,000+0200 ${flag}` },
    });

    it.each([
      ['S', 'S', 'yes yes yes'],
      ['R', 'R', 'yes yes no'],
      ['I', 'R', 'yes yes no'],
      ['R', 'S', 'yes no no'],
      ['I', 'I', 'yes no no'],
      ['U', 'U', 'yes no no'],
    ])('of begin %s, end %s: %s', (from, to, answers) => expect(billing(at(from).from, at(to).to)).toBe(answers));

    it('refuses what the meter flags', () => {
      expect(billing({}, { ST: 'S' })).toBe('no yes yes');
      expect(billing({ EF: 'E' }, {})).toBe('no yes yes');
      expect(billing({}, { EF: 't' })).toBe('yes no no');
    });

    it('refuses energy after an error during the session, but not for flags of readings that are not billed', () => {
      const between = (more: object) =>
        judge([
          ocmf(payload([begin(), reading({ RV: 110, TM: '2026-05-01T10:10:00,000+0200 S', ...more }), end()]), key),
        ]);
      expect(between({ TX: 'X', EF: 'E' }).questions.billing.energy.answer).toBe('no');
      expect(between({ TX: 'C', ST: 'T' })).toMatchObject({
        verdict: 'valid',
        questions: { billing: { energy: { answer: 'yes' } } },
      });
    });
  });

  it('is a JSON value without card numbers', () => {
    const text = JSON.stringify(judge([first(), last()]));
    expect(text).not.toContain('79A94A26862469');
    expect(JSON.parse(text)).toMatchObject({
      energyKwh: '25.5',
      values: [{ pagination: ['T7'] }, { pagination: ['T8'] }],
    });
  });
});
