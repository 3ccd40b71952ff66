import fc from 'fast-check';
import { alfen, pcdf } from '../test/alfen-pcdf.ts';
import { edlSml, isa, mennekes, signedMeterValue } from '../test/edl.ts';
import { newKey } from '../test/keys.ts';
import { session } from '../test/ocmf.ts';
import { curveOf } from './keys/curves.ts';
import { compareWithRecord } from './compare-with-record.ts';
import { explainVerdict } from './explain-verdict.ts';
import { verifySession } from './session/verify-session.ts';
import { transparencyXml } from './transparency-xml.ts';
import { verifyFile } from './verify-file.ts';
import { verifySignedValue } from './verify-signed-value.ts';

const p192 = newKey('secp192r1');
const p256 = newKey('secp256r1');
const SAMPLES: readonly string[] = [
  session(p256),
  alfen(p192),
  pcdf(p256),
  edlSml(p192).toString('hex'),
  isa(p256, 2).toString('hex'),
  signedMeterValue(p192),
  mennekes(p192),
  JSON.stringify({ signedMeterData: Buffer.from(session(p256)).toString('base64'), publicKey: p256.spki }),
  `<values><value transactionId="1" context="Transaction.Begin"><signedData format="OCMF">${session(p256)}</signedData><publicKey>${p256.spki}</publicKey></value></values>`,
];
const JNDI = '${jndi:ldap://127.0.0.1:1389/a}';

/** Everything a caller may do with a text. */
function useAll(text: string, key?: string): void {
  const verdict = verifySession([text], { publicKey: key, registeredKey: key });
  JSON.stringify(verdict);
  explainVerdict(verdict);
  compareWithRecord(verdict, { energyKwh: text, begin: text, end: text });
  JSON.stringify(verifySignedValue(text, { key, hint: text }));
  verifyFile(text);
  transparencyXml([text], key);
}

describe('hostile input', () => {
  it('throws for no text, no encoding of any bytes, no key', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('hex')),
          fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64')),
          fc.json(),
          fc.string({ maxLength: 100 }).map((text) => `OCMF|${text}|{}`),
          fc.uint8Array({ maxLength: 300 }).map((bytes) => `1b1b1b1b01010101${Buffer.from(bytes).toString('hex')}`),
        ),
        fc.string(),
        (text, key) => useAll(text, key),
      ),
      { numRuns: 100 },
    );
  });

  it("throws for no damaged record, and takes none for valid by another's key", () => {
    const damaged = fc
      .tuple(
        fc.constantFrom(...SAMPLES),
        fc.nat(5000),
        fc.nat(60),
        fc.oneof(fc.constantFrom('', '<', '{', '|', '"', '&', '\u0000', '\ud800', JNDI), fc.string({ maxLength: 5 })),
      )
      .map(
        ([sample, at, removed, added]) =>
          `${sample.slice(0, at % sample.length)}${added}${sample.slice((at % sample.length) + removed)}`,
      );
    fc.assert(
      fc.property(damaged, (text) => {
        useAll(text, p256.spki);
        expect(verifySignedValue(text, { key: newKeyOnce }).integrity).not.toBe('valid');
      }),
      { numRuns: 100 },
    );
  });
  const newKeyOnce = newKey('secp256r1').spki;

  it('throws for OCMF of any content', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.constant(null),
      fc.boolean(),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.string()),
    );
    const fields = fc.record(
      {
        FV: value,
        PG: value,
        GS: value,
        IL: value,
        ID: value,
        RD: fc.oneof(
          value,
          fc.array(
            fc.record(
              { TM: value, TX: value, RV: value, RI: value, RU: value, ST: value, EF: value, CL: value },
              { requiredKeys: [] },
            ),
          ),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fields,
        fc.record({ SA: value, SD: value, SE: value }, { requiredKeys: [] }),
        (content, signature) => {
          useAll(`OCMF|${JSON.stringify(content)}|${JSON.stringify(signature)}`, p256.spki);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.each(
    [
      ['a novel', 'x'.repeat(5_000_000)],
      ['a huge record', `OCMF|{"a":"${'x'.repeat(100_000)}"}|{}`],
      ['nested JSON', `OCMF|${'['.repeat(30_000)}|{}`],
      ['JSON nested outside', '{"signedMeterData":'.repeat(3000)],
      ['nested XML', '<a>'.repeat(20_000)],
      ['much XML', `<values>${'<value/>'.repeat(8000)}</values>`],
      ['a document type with entities', '<!DOCTYPE v [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><values>&b;</values>'],
      ['very many readings', `OCMF|{"FV":"1.0","PG":"T1","RD":[${'{},'.repeat(5000)}{}]}|{"SD":"00"}`],
      ['a number of many digits', session(p256).replace('125.5', '9'.repeat(50_000))],
      ['an exponent', session(p256).replace('125.5', '1e999999999')],
      ['JNDI in the signature', session(p256).replace(/"SD":"[^"]*/, `"SD":"${JNDI}`)],
      ['JNDI in the payload', session(p256).replace('Gateway', JNDI)],
      ['SML lists of lists', `1b1b1b1b01010101${'71'.repeat(30_000)}`],
      ['an SML length past the end', '1b1b1b1b010101018f8f8f8f0f1b1b1b1b1a000000'],
    ].map(([name, text]) => ({ name, text })),
  )('decides $name quickly, and not as valid', ({ text = '' }) => {
    const before = process.cpuUsage();
    expect(verifySignedValue(text, { key: p256.spki }).integrity).not.toBe('valid');
    useAll(text, p256.spki);
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });

  it('decides ten thousand values of one session', () => {
    expect(verifySession(Array.from<string>({ length: 10_000 }).fill(session(p256)))).toMatchObject({
      verdict: 'invalid',
      code: 'too-large',
    });
  });

  it('survives the keys that abort or crash Node itself: points at infinity and their kin', () => {
    const { spkiPrefix } = curveOf('secp256r1');
    const infinity = '3019301306072a8648ce3d020106082a8648ce3d03010703020000';
    for (const crafted of [
      infinity,
      `${spkiPrefix}00`,
      `${spkiPrefix}06${p256.point}`,
      `${p256.spki}00`,
      '00',
      JNDI,
      Buffer.from(infinity, 'hex').toString('base64'),
    ]) {
      expect(verifySignedValue(session(p256), { key: crafted })).toMatchObject({
        integrity: 'invalid',
        code: 'key-malformed',
      });
      useAll(session(p256), crafted);
    }
  });
});
