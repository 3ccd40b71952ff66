import { newKey } from '../test/keys.ts';
import { begin, end, ocmf, payload, session } from '../test/ocmf.ts';
import { escapeXml } from './xml/write-xml.ts';
import { verifyFile } from './verify-file.ts';

const key = newKey('secp256r1');
const value = (record: string, attributes = ''): string =>
  `<value ${attributes}><signedData>${escapeXml(record)}</signedData><publicKey encoding="hex">${key.spki}</publicKey></value>`;
const verdicts = (text: string, options = {}) =>
  verifyFile(text, options).map(({ transactionId, verdict }) => [
    transactionId,
    verdict.verdict,
    verdict.energyKwh?.toString(),
  ]);
const pair = [ocmf(payload([begin()]), key), ocmf(payload([end()], { PG: 'T8' }), key)] as const;
const second = ocmf(payload([begin({ RV: 1 }), end({ RV: 3 })], { PG: 'T9' }), key);

describe('verifyFile', () => {
  it('reads a bare value, a value with its key as JSON, and a charge detail record', () => {
    expect(verdicts(session(key), { publicKey: key.spki })).toEqual([[undefined, 'valid', '25.5']]);
    expect(verdicts(session(key))).toEqual([[undefined, 'unverifiable', '25.5']]);
    expect(
      verdicts(
        JSON.stringify({
          signedMeterData: Buffer.from(session(key)).toString('base64'),
          encodingMethod: 'OCMF',
          publicKey: key.spki,
        }),
      ),
    ).toEqual([[undefined, 'valid', '25.5']]);
    const record = {
      SignedMeteringValues: pair.map((text) => ({ SignedMeteringValue: text, MeteringStatus: 'End' })),
      CalibrationLawVerificationInfo: { PublicKey: key.spki },
    };
    expect(verdicts(JSON.stringify(record))).toEqual([[undefined, 'valid', '25.5']]);
  });

  it('groups the values of a container by transaction', () => {
    const file = `<values>${value(pair[1], 'transactionId="1"')}${value(second, 'transactionId="2"')}${value(pair[0], 'transactionId="1"')}</values>`;
    expect(verdicts(file)).toEqual([
      ['1', 'valid', '25.5'],
      ['2', 'valid', '2'],
    ]);
    expect(verdicts(`<values xmlns="urn:x">${value(session(key))}${value(second)}</values>`)).toEqual([
      [undefined, 'valid', '25.5'],
      [undefined, 'valid', '2'],
    ]);
    expect(verdicts(`<values>${value(pair[0])}${value(pair[1])}</values>`)).toEqual([[undefined, 'valid', '25.5']]);
  });

  it('loses only the broken value of a container', () => {
    expect(
      verdicts(`<values>${value('OCMF|{', 'transactionId="1"')}${value(second, 'transactionId="2"')}</values>`),
    ).toEqual([
      ['1', 'unverifiable', undefined],
      ['2', 'valid', '2'],
    ]);
  });
});
