import { edlSml } from '../../test/edl.ts';
import { newKey } from '../../test/keys.ts';
import { session } from '../../test/ocmf.ts';
import { verifySignedValue } from '../verify-signed-value.ts';
import { escapeXml } from '../xml/write-xml.ts';

const key = newKey('secp256r1');
const record = session(key);
const base64 = Buffer.from(record).toString('base64');
const container = `<?xml version="1.0"?>\n<values>\n <value context="x">\n  <publicKey encoding="base64">${key.spki}</publicKey><signedData format="ALFEN" encoding="hex">${escapeXml(record)}</signedData></value></values>`;

describe('unwrapping', () => {
  it.each([
    ['nothing', record, []],
    ['blanks and a byte order mark', `\uFEFF \n${record}\n`, []],
    ['hex', Buffer.from(record).toString('hex'), ['hex']],
    ['base64 in lines', base64.replaceAll(/.{76}/g, '$&\n'), ['base64']],
    ['base64url without padding', Buffer.from(record).toString('base64url'), ['base64']],
    ['JSON of OCPP', JSON.stringify({ signedMeterData: base64, publicKey: '' }), ['JSON', 'base64']],
    ['a JSON string', JSON.stringify([record]), ['JSON']],
    ['the container', container, ['<values>']],
    ['the container with namespace', container.replace('<values>', '<values xmlns="http://x">'), ['<values>']],
    ['the container, escaped', escapeXml(container), ['escaped XML', '<values>']],
    ['the container in base64', Buffer.from(container).toString('base64'), ['base64', '<values>']],
    ['the container in CDATA', container.replace(escapeXml(record), `<![CDATA[${record}]]>`), ['<values>']],
    ['a single <value>', container.slice(container.indexOf('<value '), container.indexOf('</values>')), ['<value>']],
  ])('takes off %s', (_, text, path) => {
    expect(verifySignedValue(text, { key: key.spki })).toMatchObject({
      integrity: 'valid',
      format: 'OCMF',
      unwrapped: path,
    });
  });

  it('uses the key of the container unless one is given, and says which', () => {
    expect(verifySignedValue(container)).toMatchObject({ integrity: 'valid', key: { source: 'container' } });
    expect(verifySignedValue(container, { key: newKey('secp256r1').spki })).toMatchObject({
      integrity: 'invalid',
      key: { source: 'given' },
    });
  });

  it('drops copies and does not choose between different values', () => {
    const value = container.slice(container.indexOf('<value '), container.indexOf('</values>'));
    expect(verifySignedValue(`<values>${value}${value}</values>`)).toMatchObject({ integrity: 'valid' });
    expect(verifySignedValue(`<values>${value}${value.replace('T7', 'T8')}</values>`)).toMatchObject({
      integrity: 'unverifiable',
      code: 'several-values',
    });
  });

  it('gives up after four rounds', () => {
    const wrapped = (times: number): string =>
      Array.from({ length: times }).reduce<string>((text) => Buffer.from(text).toString('hex'), 'OCMF|{}|{}');
    expect(verifySignedValue(wrapped(4)).code).toBe('truncated');
    expect(verifySignedValue(wrapped(5))).toMatchObject({ integrity: 'invalid', code: 'too-deep' });
  });

  it.each([
    ['<chargeTransparency/>', 'XML "chargeTransparency"'],
    ['{"@context":"https://open.charging.cloud/contexts/CTR+json"}', 'CTR+json'],
    ['{"a":1}', 'JSON of another form'],
    ['A meter said 12 kWh', 'A meter said…'],
    ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '16 bytes'],
    ['ff'.repeat(40), '40 bytes'],
    ['<values><value><encodedData format="OCMF" encoding="hex">3082</encodedData></value></values>', 'sealed'],
  ])('reports %s by name as unverifiable', (text, name) => {
    expect(verifySignedValue(text, { key: key.spki })).toMatchObject({
      integrity: 'unverifiable',
      why: expect.stringContaining(name),
      format: undefined,
    });
  });

  it('reports a value cut at the 3 000 characters of OICP as truncated, in every wrapping', () => {
    const long = `<values>${`<value><signedData>${escapeXml(record)}</signedData></value>`.repeat(4)}</values>`;
    for (const text of [
      long,
      Buffer.from(long).toString('base64'),
      JSON.stringify({ signedMeterData: long }),
      Buffer.from(long).toString('hex'),
    ]) {
      expect(verifySignedValue(text.slice(0, 3000), { key: key.spki }).integrity).toBe('unverifiable');
    }
    expect(verifySignedValue(edlSml(key).toString('hex').slice(0, 300), { key: key.spki })).toMatchObject({
      integrity: 'unverifiable',
      code: 'truncated',
    });
  });
});
