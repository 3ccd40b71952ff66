import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifySession } from '../src/session/verify-session.ts';
import { verifySignedValue } from '../src/verify-signed-value.ts';

/** Vectors of others, read from beside the project when they are there. */
const directory = fileURLToPath(new URL('../../../../shared/data/ocmf', import.meta.url));

interface CurveVector {
  name: string;
  curve: string;
  data: string;
  signature: string;
  spki: string;
  expected: boolean;
}
interface FieldVector {
  file: string;
  index: number;
  record: string;
  publicKey: string;
  curve: string;
  verifies: boolean;
  quirks: string[];
}
interface AlfenVector {
  record: string;
  node_verified: boolean;
}

const vectorsOf = <T>(file: string): readonly T[] => {
  const name = path.join(directory, file);
  return existsSync(name) ? (JSON.parse(readFileSync(name, 'utf8')) as { vectors: T[] }).vectors : [];
};
const CURVES = vectorsOf<CurveVector>('curves-and-tampering.json');
const FIELD = vectorsOf<FieldVector>('field-records.json');
const ALFEN = vectorsOf<AlfenVector>('alfen.json');
const sec = (name: string): string =>
  ({ prime256v1: 'secp256r1', brainpool256r1: 'brainpoolP256r1', brainpool384r1: 'brainpoolP384r1' })[name] ?? name;

/** Registers a test per vector; none when the data are not there. */
export function describePublicVectors(): void {
  if (CURVES.length > 0)
    describe('road-labs/ocmf-js: seven curves, tampered payloads and signatures, wrong keys', () => {
      for (const { name, curve, data, signature, spki, expected } of CURVES) {
        it(`decides "${name}" as ${expected ? 'valid' : 'invalid'}`, () => {
          const record = `OCMF|${data}|{"SA":"ECDSA-${curve}-SHA256","SD":"${signature}"}`;
          expect(verifySignedValue(record, { key: spki })).toMatchObject({
            integrity: expected ? 'valid' : 'invalid',
            curve: sec(curve),
          });
        });
      }
    });

  if (FIELD.length > 0)
    describe('SAFE-eV/transparenzsoftware: records of real meters', () => {
      for (const { file, index, record, publicKey, curve, verifies, quirks } of FIELD) {
        it(`decides ${file} #${index} as ${verifies ? 'valid' : 'invalid'} (${quirks.join(', ')})`, () => {
          expect(verifySignedValue(record, { key: publicKey })).toMatchObject({
            integrity: verifies ? 'valid' : 'invalid',
            curve: sec(curve),
          });
        });
      }

      it('reproduces the worked example of OCMF: signed bytes, hash, energy, sync flags', () => {
        const keba = FIELD.find(({ file }) => file === 'fromweb.xml')!;
        const verdict = verifySignedValue(keba.record, { key: keba.publicKey });
        expect(verdict).toMatchObject({
          hashed: [{ length: 391, sha256: '36c2fb48609f835918b9f3123a5209ed02b46c02ba746b3c9c4df86244998e4d' }],
          begin: { quality: 'informative' },
          end: { quality: 'relative' },
        });
        expect(verdict.readings.map(({ energyKwh }) => energyKwh?.toString())).toEqual(['0.2596', '0.2597']);
        expect(verdict.signedEnergyKwh?.toString()).toBe('0.0001');
      });

      it('pairs begin and end of the files with two records', () => {
        const of = (file: string) => FIELD.filter((vector) => vector.file === file);
        const judge = (file: string) =>
          verifySession(
            of(file).map(({ record }) => record),
            { publicKey: of(file)[0]?.publicKey },
          );
        for (const file of [
          'xml/OCMF_Test_Data_00.xml',
          'xml/brainpoolP256r1.xml',
          'xml/nistP384_0Wh.xml',
          'xml/test_ocmf_ebee_01.xml',
        ]) {
          expect(judge(file)).toMatchObject({ verdict: 'valid', questions: { completeness: { answer: 'yes' } } });
        }
        expect(judge('xml/test_ocmf_transaction_two_values.xml')).toMatchObject({
          verdict: 'unverifiable',
          questions: { integrity: { answer: 'yes' }, completeness: { answer: 'no' } },
        });
      });
    });

  if (ALFEN.length > 0)
    describe('SAFE-eV/transparenzsoftware: Alfen', () => {
      it('reproduces the worked example: hash, key, value, session number', () => {
        expect(verifySignedValue(ALFEN[0]!.record)).toMatchObject({
          format: 'ALFEN',
          integrity: 'valid',
          pagination: ['17'],
          hashed: [{ length: 82, sha256: 'c8aacb22bf756415deded105157959fbdc1d91f198918dd7b0d479b50f7ce794' }],
          key: {
            spki: expect.stringContaining(
              '2a10910e8c75132569f6239a1802802f21944bf78887edbf3ee5dba1248c325be7a4ff1abbdc1a639eaf3cd625968bc7',
            ),
          },
        });
        expect(verifySignedValue(ALFEN[0]!.record).readings[0]?.energyKwh?.toString()).toBe('15.762');
      });
    });
}
