import { alfen, pcdf } from '../test/alfen-pcdf.ts';
import { edlSml, isa, mennekes, signedMeterValue } from '../test/edl.ts';
import { newKey } from '../test/keys.ts';
import { begin, end, ocmf, payload, session } from '../test/ocmf.ts';
import { transparencyXml } from './transparency-xml.ts';
import { verifyFile } from './verify-file.ts';

const p192 = newKey('secp192r1');
const p256 = newKey('secp256r1');
const later = { seconds: 1_777_624_200, value: 317_490, pagination: 4481, secondIndex: 17_681_120 };
const xmlOf = (values: readonly string[], key?: string): string => {
  const xml = transparencyXml(values, key);
  if (!xml.ok) throw new Error(xml.refusal.detail);
  return xml.value;
};

describe('transparencyXml', () => {
  it.each([
    ['OCMF', [session(p256)], p256.spki],
    ['OCMF in two records', [ocmf(payload([end()], { PG: 'T8' }), p256), ocmf(payload([begin()]), p256)], p256.spki],
    ['EDL40', [edlSml(p192, later).toString('hex'), edlSml(p192).toString('base64')], p192.spki],
    ['signedMeterValue', [signedMeterValue(p192), signedMeterValue(p192, later)], undefined],
    ['Mennekes', [mennekes(p192)], undefined],
    ['ISA-EDL-40P', [isa(p256, 0).toString('hex'), isa(p256, 2, 397_194, 24).toString('hex')], p256.point],
    ['Alfen', [alfen(p192), alfen(p192, { paging: 18, value: 16_000, secondIndex: 600, type: 1 })], undefined],
    ['PCDF', [pcdf(p256)], undefined],
  ])('writes %s so that it reads as one valid session again', (_, values, key) => {
    const [session_, ...others] = verifyFile(xmlOf(values, key));
    expect(others).toEqual([]);
    expect(session_?.verdict).toMatchObject({ verdict: 'valid' });
  });

  it('follows the profile of the official software: bytes of the record, SPKI for OCMF, the bare point for EDL, begin before end', () => {
    const record = session(p256);
    expect(xmlOf([record], Buffer.from(p256.spki, 'hex').toString('base64'))).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><values><value><signedData format="OCMF" encoding="plain">${record.replaceAll('"', '&quot;')}</signedData>` +
        `<publicKey encoding="plain">${p256.spki}</publicKey></value></values>`,
    );
    const edl = xmlOf([edlSml(p192, later).toString('hex'), edlSml(p192).toString('hex')], p192.spki);
    expect(edl).toMatch(
      /<value transactionId="1" context="Transaction.Begin"><signedData format="EDL_40_P".*<value transactionId="1" context="Transaction.End">/,
    );
    expect(edl).toContain(`<publicKey encoding="plain">${p192.point}</publicKey>`);
  });

  it('refuses to export what the software does not know', () => {
    expect(transparencyXml(['hello'])).toMatchObject({ ok: false, refusal: { reason: 'nothing-to-export' } });
    expect(transparencyXml([])).toMatchObject({ ok: false });
  });
});
