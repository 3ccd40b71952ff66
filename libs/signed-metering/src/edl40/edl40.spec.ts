import { edlBlock, edlSml, isa, mennekes, SERVER, signedMeterValue, signedMeterValueOf } from '../../test/edl.ts';
import { newKey } from '../../test/keys.ts';
import { hex } from '../../test/sml.ts';
import { verifySession } from '../session/verify-session.ts';
import { crc16 } from '../sml/crc16.ts';
import { verifySignedValue } from '../verify-signed-value.ts';

const p192 = newKey('secp192r1');
const p256 = newKey('secp256r1');
const next = { seconds: 1_777_624_200, value: 317_490, pagination: 4481, secondIndex: 17_681_120 };

describe('EDL40', () => {
  it.each([
    ['P-192', p192],
    ['eMOC, P-256, its state re-arranged', p256],
  ])('verifies SML (%s) in hex, in groups, in base64', (_, key) => {
    const file = edlSml(key);
    for (const text of [
      file.toString('hex'),
      file.toString('hex').toUpperCase().match(/../g)?.join(' ') ?? '',
      file.toString('base64'),
    ]) {
      expect(verifySignedValue(text, { key: key.point })).toMatchObject({
        format: 'EDL_40_P',
        integrity: 'valid',
        curve: key.curve,
        meterId: SERVER,
        pagination: ['4480'],
        hashed: [{ length: 320 }],
        readings: [{ purpose: 'unordered', secondIndex: 17_679_320, time: { text: '2026-05-01T10:00:00' } }],
      });
    }
    expect(verifySignedValue(file.toString('hex'), { key: newKey(key.curve).point })).toMatchObject({
      integrity: 'invalid',
      code: 'signature-wrong',
    });
  });

  it.each([
    ['SML', (edl: object) => edlSml(p192, edl).toString('hex'), p192.point],
    ['signedMeterValue', (edl: object) => signedMeterValue(p192, edl), undefined],
    ['signedMeterValue of an eMOC meter', (edl: object) => signedMeterValue(p256, edl), undefined],
  ])('pairs two records of %s', (_, make, key) => {
    const verdict = verifySession([make(next), make({})], { publicKey: key });
    expect(verdict).toMatchObject({
      verdict: 'valid',
      questions: {
        completeness: { answer: 'yes' },
        billing: { energy: { answer: 'yes' }, time: { answer: 'unknown' } },
      },
    });
    expect(verdict.energyKwh?.toString()).toBe('0.2550');
    expect(verdict.begin?.text).toBe('2026-05-01T10:00:00');
  });

  it('bills the register from which the losses of the cable are deducted', () => {
    const verdict = verifySession(
      [
        edlSml(p192, { compensated: 300_000 }).toString('hex'),
        edlSml(p192, { ...next, compensated: 302_000 }).toString('hex'),
      ],
      { publicKey: p192.point },
    );
    expect(verdict.energyKwh?.toString()).toBe('0.2000');
    expect(verdict.register).toBe('1-0:1.17.0*200');
  });

  it('notices a missing record, an event during the session, another user', () => {
    const with_ = (edl: object) =>
      verifySession([edlSml(p192).toString('hex'), edlSml(p192, { ...next, ...edl }).toString('hex')], {
        publicKey: p192.point,
      });
    expect(with_({ pagination: 4483 })).toMatchObject({ verdict: 'unverifiable', code: 'record-missing' });
    expect(with_({ contract: '00' })).toMatchObject({ verdict: 'unverifiable', code: 'user-differs' });
    expect(with_({ logbook: '01a7' })).toMatchObject({
      verdict: 'valid',
      questions: { billing: { energy: { answer: 'no' } } },
    });
    expect(with_({ value: 1 })).toMatchObject({ verdict: 'invalid', code: 'counter-backwards', energyKwh: undefined });
    expect(with_({ secondIndex: 1 })).toMatchObject({ verdict: 'invalid', code: 'seconds-backwards' });
  });

  it('shows what was signed, not a field too wide for its place', () => {
    const file = edlSml(p192).toString('hex');
    // The pagination 4480 as uint64 with a high bit: rebuilt to the same four bytes.
    expect(file).toContain('650000118001');
    const { readings, pagination } = verifySignedValue(edlSml(p192).toString('hex'), { key: p192.point });
    expect(pagination).toEqual(['4480']);
    expect(readings).toHaveLength(1);
  });

  it('verifies a Mennekes process: two signatures, begin and end', () => {
    const verdict = verifySignedValue(mennekes(p192));
    expect(verdict).toMatchObject({
      format: 'EDL_40_MENNEKES',
      integrity: 'valid',
      chargePointId: 'DE*MEK*E001000*001',
      pagination: ['4480', '4481'],
      key: { source: 'record' },
    });
    expect(verdict.signedEnergyKwh?.toString()).toBe('0.0255');
    expect(verifySignedValue(mennekes(p192).replace('<Value>314940', '<Value>314941'))).toMatchObject({
      code: 'signature-wrong',
      why: expect.stringContaining('begin'),
    });
    expect(verifySignedValue(mennekes(p192).replace('<Value>315195', '<Value>315194'))).toMatchObject({
      code: 'signature-wrong',
      why: expect.stringContaining('end'),
    });
    const billing = `<m:Billing xmlns:m="urn:Mennekes.EdlVerification.xsd"><BillingPeriods><BillingPeriod><ChargingProcesses>${mennekes(p192)}</ChargingProcesses></BillingPeriod></BillingPeriods></m:Billing>`;
    expect(verifySignedValue(billing).integrity).toBe('valid');
  });

  it('compares the event counters of a Mennekes process', () => {
    expect(verifySession([mennekes(p192, {}, { logbook: '01a7' })])).toMatchObject({
      verdict: 'valid',
      questions: { billing: { energy: { answer: 'no' } } },
    });
    expect(
      verifySession([mennekes(p192).replace('<EventCode/>', '<EventCode>7</EventCode>')]).findings.map(
        ({ code }) => code,
      ),
    ).toContain('event-during-session');
  });

  it('verifies ISA-EDL-40P: the last record is the session, earlier ones agree with it', () => {
    const [first, update, last] = [isa(p256, 0, 99_188, 17), isa(p256, 1, 200_000, 20), isa(p256, 2, 397_194, 24)].map(
      (file) => file.toString('hex'),
    );
    expect(verifySignedValue(last ?? '', { key: p256.point })).toMatchObject({
      format: 'ISA_EDL_40_P',
      integrity: 'valid',
      begin: { text: '2026-05-01T08:00:00' },
    });
    for (const values of [[last], [first, update, last], [last, first]]) {
      const verdict = verifySession(
        values.filter((value) => value !== undefined),
        { publicKey: p256.point },
      );
      expect(verdict).toMatchObject({ verdict: 'valid' });
      expect(verdict.energyKwh?.toString()).toBe('29.8006');
    }
    expect(verifySession([first ?? ''], { publicKey: p256.point })).toMatchObject({
      verdict: 'unverifiable',
      code: 'end-missing',
    });
  });

  it('refuses another key inside than the one that signed, and logbook bytes that are not the signed ones', () => {
    const block = edlBlock();
    const signature = Buffer.concat([p192.sign(block), block.subarray(39, 41)]);
    const other = newKey('secp192r1');
    expect(
      verifySignedValue(signedMeterValueOf(block, signature, hex(other.point)), { key: p192.point }),
    ).toMatchObject({ integrity: 'invalid', code: 'embedded-key-differs' });
    signature[49] = 0;
    expect(verifySignedValue(signedMeterValueOf(block, signature, hex(p192.point)))).toMatchObject({
      integrity: 'invalid',
      code: 'malformed',
    });
  });

  it('names an SML list it does not know', () => {
    const foreign = edlSml(p192).toString('hex');
    expect(foreign).toContain('0100011100ff');
    expect(verifySignedValue(edlSmlWithout()).why).toContain('010001080000');
  });
});

/** A signed list of an ordinary meter. */
function edlSmlWithout(): string {
  const list = edlSml(p192).toString('hex').replaceAll('0100011100ff', '010001080000');
  return withChecksum(Buffer.from(list, 'hex')).toString('hex');
}

function withChecksum(file: Buffer): Buffer {
  const crc = crc16(file.subarray(0, -2));
  return Buffer.concat([file.subarray(0, -2), Buffer.of(crc & 255, crc >> 8)]);
}
