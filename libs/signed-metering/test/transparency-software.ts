import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LIMITS } from '../src/limits.ts';
import { judgeLeaf } from '../src/judge-leaf.ts';
import { unwrap } from '../src/unwrap/unwrap.ts';
import { valueVerdict } from '../src/value-verdict.ts';

/** `src/test/resources` of a checkout of SAFE-eV/transparenzsoftware, when a developer has one. */
const directory = process.env['TRANSPARENCY_SOFTWARE_RESOURCES'] ?? '';

/** How many values of each file are valid, invalid and unverifiable. */
const FILES: Readonly<Record<string, readonly [valid: number, invalid: number, unverifiable: number]>> = {
  'fromweb.xml': [1, 0, 0],
  'test.xml': [2, 0, 0],
  'log4j_test1.xml': [0, 1, 0],
  'log4j_test2.xml': [0, 1, 0],
  'log4j_test3.xml': [0, 1, 0],
  'log4j_test4.xml': [1, 0, 0],
  'log4j_test5.xml': [0, 0, 2],
  'log4j_test6.xml': [2, 0, 0],
  'hummel.xml': [2, 0, 0],
  'ACU_korrekt.metra': [1, 0, 0],
  'Mennekes/de.xml': [1, 0, 0],
  'Mennekes/demeke001000001-2021-07-23-10_46_35-11017022.metra.xml': [1, 0, 0],
  'pcdf/valid.pcdf': [1, 0, 0],
  'pcdf/valid2.pcdf': [1, 0, 0],
  'pcdf/BVinvalid.pcdf': [1, 0, 0],
  'pcdf/SPinvalid.pcdf': [1, 0, 0],
  'pcdf/DataInvalid.pcdf': [0, 1, 0],
  'pcdf/SIGinvalid.pcdf': [0, 1, 0],
  'xml/keba_test.xml': [100, 0, 0],
  'xml/keba_test_txn.xml': [100, 0, 0],
  'xml/measurements.xml': [21, 0, 0],
  'xml/test_ocmf_keba_kcp30.xml': [1, 0, 0],
  'xml/test_ocmf_keba_kcp30_fail.xml': [0, 1, 0],
  'xml/ocmf_tariff_1.xml': [1, 0, 0],
  'xml/VW_OCMF_load.xml': [1, 0, 0],
  'xml/chargepoint_3.xml': [1, 0, 0],
  'xml/20211007-device-with-evt-ocmf-sss-ses.xml': [2, 0, 0],
  'xml/test_ocmf_ebee_01.xml': [2, 0, 0],
  'xml/test_ocmf_ebee_02.xml': [1, 1, 0],
  'xml/OCMF_Test_Data_00.xml': [2, 0, 0],
  'xml/ocmf_sec.xml': [2, 0, 0],
  'xml/Ocmf_Example_OBIS_98.8.0_2.8.0.xml': [1, 0, 0],
  'xml/brainpoolP256r1.xml': [2, 0, 0],
  'xml/nistP384_0Wh.xml': [2, 0, 0],
  'xml/test_ocmf_transaction_two_values.xml': [2, 0, 0],
  'xml/second_key_fail_ocmf.xml': [1, 1, 0],
  'xml/signature_16955306_ALL.xml': [0, 0, 2],
  'xml/test_ocmf_rsa_01.xml': [0, 0, 1],
  'xml/isa-ocmf/OCMF-receipt-with_publickey_and_data.xml': [1, 0, 0],
  'xml/isa-ocmf/OCMF-receipt-with_import_and_export.xml': [0, 1, 0],
  'xml/edl-40-01.xml': [1, 0, 0],
  'xml/edl-40-02.xml': [1, 0, 0],
  'xml/edl-40-03.xml': [1, 0, 0],
  'xml/emh-emoc/NewEHZSML.xml': [2, 0, 0],
  'xml/emh-emoc/NewEHZXML.xml': [2, 0, 0],
  'xml/wirelane.xml': [2, 0, 0],
  'xml/isa-edl-40p-ok.xml': [1, 0, 0],
  'xml/isa-edl-40p-begin-fail.xml': [1, 0, 0],
  'xml/isa-edl-40p-update-fail.xml': [1, 0, 0],
  'xml/isa-edl-40p-veri-fail.xml': [1, 0, 0],
  'xml/isa-edl-40p-data-fail.xml': [0, 1, 0],
  'xml/isa-edl-40p-sign-fail.xml': [0, 1, 0],
  'xml/ACU_korrekt.metra.xml': [1, 0, 0],
  'xml/ACU_falsch.metra.xml': [0, 1, 0],
  'xml/test_mennekes_full.xml': [1, 0, 0],
  'xml/test_mennekes_charging_processes.xml': [1, 0, 0],
  'xml/demeke99001002-2020-04-21-08_53_12-5892888.metra.xml': [1, 0, 0],
};

/** Hashes of the first value of a file (of both blocks of a Mennekes process), and the energy it holds. */
const HASHES: readonly { readonly file: string; readonly energyKwh?: string; readonly hashes: readonly string[] }[] = [
  {
    file: 'xml/test_ocmf_keba_kcp30.xml',
    energyKwh: '0.0001',
    hashes: ['36c2fb48609f835918b9f3123a5209ed02b46c02ba746b3c9c4df86244998e4d'],
  },
  { file: 'xml/edl-40-01.xml', hashes: ['916655dd982fd55d45778914fb4d983dcd74e8f43d3045a3bfeb994733ffd040'] },
  { file: 'xml/emh-emoc/NewEHZSML.xml', hashes: ['83eb046cab2dc9c81be894dbfbdbf6cfa3d96e2b5e42b20da777ac1cf64ede2e'] },
  { file: 'xml/emh-emoc/NewEHZXML.xml', hashes: ['83eb046cab2dc9c81be894dbfbdbf6cfa3d96e2b5e42b20da777ac1cf64ede2e'] },
  { file: 'hummel.xml', hashes: ['7fc4f20d78184144627264ac5e44f567151ebbf806d605d5eb6f7704a023d1ca'] },
  {
    file: 'Mennekes/de.xml',
    energyKwh: '0.0002',
    hashes: [
      'd940fe734952d595ed2edf8472f9aed0a8f4896b541a54207547514a1fe9f3de',
      'f1026cba036ea1f583efaf8295954a14a0d2563f4114d0b9247256797e10ea85',
    ],
  },
  {
    file: 'xml/isa-edl-40p-ok.xml',
    energyKwh: '22.3294',
    hashes: ['a1b23e1a303e3cf08524e28923c94886d30949b12957c60c6163c14fd0e06e82'],
  },
  {
    file: 'pcdf/valid.pcdf',
    energyKwh: '3.276',
    hashes: ['06a1d7c2f0cc72964d1076cb246e195d682510fd9173c87d8b36a0c7e4a08898'],
  },
];

const verdictsOf = (file: string) =>
  unwrap(readFileSync(path.join(directory, file), 'utf8'), LIMITS.fileChars).map((leaf) =>
    valueVerdict(judgeLeaf(leaf, undefined)),
  );

/** Registers a test per file of the official software's own test data; none without a checkout. */
export function describeTransparencySoftware(): void {
  if (!existsSync(path.join(directory, 'fromweb.xml'))) return;
  describe('test data of the official transparency software', () => {
    it.each(Object.entries(FILES))('decides %s: valid, invalid, unverifiable %j', (file, counts) => {
      const verdicts = verdictsOf(file);
      expect(
        ['valid', 'invalid', 'unverifiable'].map(
          (integrity) => verdicts.filter((verdict) => verdict.integrity === integrity).length,
        ),
      ).toEqual(counts);
    });

    it('decides the collection of valid and invalid ISA-EDL-40P records', () => {
      const file = readdirSync(path.join(directory, 'xml')).find((name) => name.startsWith('XML_'))!;
      expect(verdictsOf(path.join('xml', file)).map(({ integrity }) => integrity)).toEqual([
        'valid',
        'valid',
        'invalid',
        'invalid',
        'valid',
      ]);
    });

    it.each(HASHES)('reproduces the signed bytes of $file', ({ file, energyKwh, hashes }) => {
      const [verdict] = verdictsOf(file);
      expect(verdict?.hashed.map(({ sha256 }) => sha256)).toEqual(hashes);
      expect(verdict?.signedEnergyKwh?.toString()).toBe(energyKwh);
    });
  });
}
