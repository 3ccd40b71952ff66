import { createHash } from 'node:crypto';
import { signedMeterValueOf, edlSml } from '../test/edl.ts';
import { isSigned, type Example } from '../test/independent-ecdsa.ts';
import { newKey } from '../test/keys.ts';
import { describePublicVectors } from '../test/public-vectors.ts';
import { hex } from '../test/sml.ts';
import { describeTransparencySoftware } from '../test/transparency-software.ts';
import { writeEdlBlock } from './edl40/edl-fields.ts';
import { readPublicKey } from './keys/read-public-key.ts';
import { verifySignature } from './signature/verify-signature.ts';
import { verifySignedValue } from './verify-signed-value.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Hash, signature and key of a genuine record of each format, as published with the transparency software's test data.
 */
const EXAMPLES: readonly (readonly [string, Example])[] = [
  [
    'OCMF (KEBA)',
    {
      curve: 'secp256r1',
      hash: '36c2fb48609f835918b9f3123a5209ed02b46c02ba746b3c9c4df86244998e4d',
      r: '0e2f107c987a300ac1695ca89ea149a8cdfa16188af0a33ee64b67964aa943f9',
      s: '889a72b6d65364bea8562e7f6a0253157acff84fe4929a93b5964d23c4265699',
      x: '3aeeb45c392357820a58fdfb0857bd77ada31585c61c430531dfa53b440afbfd',
      y: 'd95ac887c658ea55260f808f55ca948df235c2108a0d6dc7d4ab1a5e1a7955be',
    },
  ],
  [
    'EDL40',
    {
      curve: 'secp192r1',
      hash: '916655dd982fd55d45778914fb4d983dcd74e8f43d3045a3bfeb994733ffd040',
      r: '3d22c9b6d13064323cdd8d467da49c8293767fa8fb0e2a01',
      s: '875af27b59d9c13b986d52f8b8d59f49086cc9a7c1574249',
      x: '0d4dbfa3d10e51a62a82dee7ca4e5e3f72b9e39abca0c07f',
      y: 'cc1c784ae4a502608d97238ec8ab00b162c6414d4e90b71b',
    },
  ],
  [
    'EDL40 of an eMOC meter',
    {
      curve: 'secp256r1',
      hash: '83eb046cab2dc9c81be894dbfbdbf6cfa3d96e2b5e42b20da777ac1cf64ede2e',
      r: '8cb2ee7b3c60c41c3dbc211794262bdbf22156dad3f48eeb760d76d7a4777f53',
      s: 'f732196bf714fc86eb522392a555527b9ade698ade61c71cadd2762caa18f185',
      x: 'afe69ef9406cc6b1afd34b9d0e4dd883656a9f5e1d6aadcb775fad85b47ae944',
      y: '2bbde2cb0c02f613e7400cba2f87a93afdbac88e62586bc42af20aa5976e44d4',
    },
  ],
  [
    'signedMeterValue',
    {
      curve: 'secp192r1',
      hash: '7fc4f20d78184144627264ac5e44f567151ebbf806d605d5eb6f7704a023d1ca',
      r: '6913359a7953faaaedfeed1263dbad2f2a6bf92487752be1',
      s: '5b4dbae5fc7345f96cdfbb1006a7d1157426ec188fc94713',
      x: '0a85a32eb0a4a77712c0b8b53992783e9c24799d26ce0018',
      y: '21601661d16f21fd50df72820e3c2373ceab2cb92957a1ec',
    },
  ],
  [
    'Mennekes',
    {
      curve: 'secp192r1',
      hash: 'd940fe734952d595ed2edf8472f9aed0a8f4896b541a54207547514a1fe9f3de',
      r: 'ecd42e4b580e110cfb4d5873b3f054c474b7cad47e8d56dc',
      s: 'dd81a3e8fa4afec34e88f266a9517e06090a2319384310b1',
      x: 'ddb6d736e4664afbf2748436dfbfbee1975803561fa75ba2',
      y: 'b770ce93d10a5b3fd61e0017ffad7917d0146c5abe38c1a5',
    },
  ],
  [
    'ISA-EDL-40P',
    {
      curve: 'secp256r1',
      hash: 'a1b23e1a303e3cf08524e28923c94886d30949b12957c60c6163c14fd0e06e82',
      r: 'd3d2d551299d9ddbc93fb6685384ec7bd5557ee6ec3efab86414f54f2b87147b',
      s: '16438406c1a1b301a4a05853eda014e206d2f60dc18363e9913d69f525eb070a',
      x: '319098b3378bd30891f207679be8b0cd78a824d025d68606872e8d13bf4e08e0',
      y: 'beeb8d41248eae7a613054e81aa767829b70ff7176f8b0ac81f6559bfd0fcf42',
    },
  ],
  [
    'Alfen',
    {
      curve: 'secp192r1',
      hash: 'c8aacb22bf756415deded105157959fbdc1d91f198918dd7b0d479b50f7ce794',
      r: '41a220d7735f3b7419e9a7e061ecfcaf90287fa65bec42b4',
      s: '8acdf719cd49468a1b9de2b51165f5c4690e4dca11a80473',
      x: '2a10910e8c75132569f6239a1802802f21944bf78887edbf',
      y: '3ee5dba1248c325be7a4ff1abbdc1a639eaf3cd625968bc7',
    },
  ],
  [
    'PCDF',
    {
      curve: 'secp256r1',
      hash: '06a1d7c2f0cc72964d1076cb246e195d682510fd9173c87d8b36a0c7e4a08898',
      r: '87b8137ecdc0340319474452b36592ca66aadb3b141295921eb9b08f08336a19',
      s: '7eec4c574812afc55b42b84708367daf63dd29713e9321823497f051976c3920',
      x: '9a3ac42ff9aa0ddfe9b627f1f3b5c1ff39f4ff26fa4f495ca86490d625a13bf3',
      y: 'd9aa3d70989746fc5322f79f05c85dac5d23caf14f2e60221d52a8c746eaba37',
    },
  ],
];

describe('worked examples', () => {
  it.each(EXAMPLES)(
    '%s: an independent ECDSA confirms signature and key, and our key reader the point',
    (_, example) => {
      expect(isSigned(example)).toBe(true);
      expect(isSigned({ ...example, hash: example.hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) })).toBe(
        false,
      );
      expect(readPublicKey(example.x + example.y, [example.curve]).ok).toBe(true);
    },
  );

  it('EDL40: rebuilds the 320 signed bytes, their hash, and verifies them', () => {
    const example = EXAMPLES[1]![1];
    const block = writeEdlBlock({
      serverId: hex('09014553591103956940'),
      localSeconds: 777n,
      status: 0,
      secondIndex: 729n,
      pagination: 33n,
      register: hex('0100011100ff'),
      unit: 30,
      scaler: -1,
      value: 3275n,
      logbook: hex('0600'),
      contract: hex('3632343837383837'),
      contractLocalSeconds: 0x5ecn,
      historicalValue: 0n,
      compensatedValue: 0n,
      lineResistance: 0n,
      stopwatch: 0n,
      price: 0n,
    });
    expect(Buffer.from(block.subarray(0, 49)).toString('hex')).toBe(
      '0901455359110395694009030000' +
        '00' +
        'd902000021000000' +
        '0100011100ff' +
        '1eff' +
        'cb0c000000000000' +
        '0600' +
        '3632343837383837',
    );
    expect(sha256(block)).toBe(example.hash);
    const text = signedMeterValueOf(
      Buffer.from(block),
      hex(`${example.r}${example.s}0600`),
      hex(example.x + example.y),
    );
    expect(verifySignedValue(text)).toMatchObject({
      integrity: 'valid',
      hashed: [{ sha256: example.hash }],
      readings: [{ time: { text: '1970-01-01T00:12:57' } }],
    });
  });

  it('Mennekes: rebuilds the signed bytes of the begin from the fields of the file, and verifies them', () => {
    const example = EXAMPLES[4]![1];
    const local = BigInt(Date.UTC(2021, 6, 23, 10, 44, 16) / 1000);
    const block = writeEdlBlock({
      serverId: hex('0901454d4800007f87b0'),
      localSeconds: local,
      status: 136,
      secondIndex: 17_679_320n,
      pagination: 4480n,
      register: hex('0100011100ff'),
      unit: 30,
      scaler: -1,
      value: 314_940n,
      logbook: hex('01a6'),
      contract: hex('0473a44a3f3e80'),
      contractLocalSeconds: local - 9n,
      historicalValue: 0n,
      compensatedValue: 0n,
      lineResistance: 0n,
      stopwatch: 0n,
      price: 0n,
    });
    expect(Buffer.from(block.subarray(0, 48)).toString('hex')).toBe(
      '0901454d4800007f87b0809dfa6088d8c30d01801100000100011100ff1eff3cce04000000000001a60473a44a3f3e80',
    );
    expect(Buffer.from(block.subarray(169, 173)).toString('hex')).toBe('779dfa60');
    expect(sha256(block)).toBe(example.hash);
    const key = readPublicKey(example.x + example.y, ['secp192r1']);
    expect(
      key.ok &&
        verifySignature(
          { name: 'begin', bytes: block, signature: hex(example.r + example.s), encoding: 'raw' },
          key.value,
        ).signed,
    ).toBe(true);
  });

  it('eMOC: re-arranges the state 2147746052 into the signed byte 0x88', () => {
    const key = newKey('secp256r1');
    // The test's meter states 0x80040104 and signs 0x88.
    expect(0x80040104).toBe(2_147_746_052);
    expect(verifySignedValue(edlSml(key).toString('hex'), { key: key.point })).toMatchObject({
      integrity: 'valid',
      formatName: 'EDL40 (eMOC)',
    });
  });
});

describePublicVectors();
describeTransparencySoftware();
