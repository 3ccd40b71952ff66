import fc from 'fast-check';
import { alfenBlock, alfenOf, pcdf } from '../test/alfen-pcdf.ts';
import { edlBlock, edlSml, isa, mennekes, signedMeterValueOf } from '../test/edl.ts';
import { ALL_CURVES, compressed, newKey, type TestKey } from '../test/keys.ts';
import { algorithm, begin, end, payload, session } from '../test/ocmf.ts';
import { curveOf } from './keys/curves.ts';
import { hex } from '../test/sml.ts';
import { verifySignedValue } from './verify-signed-value.ts';

/** What a format is made of, so that a test can change one byte of one part. */
interface Parts {
  readonly payload: Buffer;
  readonly signature: Buffer;
  readonly key: Buffer;
}
type Assemble = (parts: Parts) => { readonly text: string; readonly key: string | undefined };

const p192 = newKey('secp192r1');
const p256 = newKey('secp256r1');

function ocmfCase(key: TestKey): readonly [string, Parts, Assemble] {
  const text = payload([begin(), end()]);
  return [
    `OCMF on ${key.curve}`,
    { payload: Buffer.from(text), signature: key.sign(Buffer.from(text), 'der'), key: hex(key.spki) },
    (parts) => ({
      text: `OCMF|${parts.payload.toString('latin1')}|{"SA":"${algorithm(key)}","SD":"${parts.signature.toString('hex')}"}`,
      key: parts.key.toString('hex'),
    }),
  ];
}

function edlCase(key: TestKey): readonly [string, Parts, Assemble] {
  const block = edlBlock();
  return [
    `signedMeterValue on ${key.curve}`,
    { payload: block, signature: Buffer.concat([key.sign(block), block.subarray(39, 41)]), key: hex(key.point) },
    (parts) => ({ text: signedMeterValueOf(parts.payload, parts.signature, parts.key), key: undefined }),
  ];
}

function alfenCase(): readonly [string, Parts, Assemble] {
  const block = alfenBlock();
  return [
    'Alfen',
    { payload: block, signature: p192.sign(block), key: hex(compressed(p192)) },
    (parts) => ({ text: alfenOf(0, parts.key.toString('hex'), parts.payload, parts.signature), key: undefined }),
  ];
}

const CASES = [...ALL_CURVES.map((curve) => ocmfCase(newKey(curve))), edlCase(p192), edlCase(p256), alfenCase()];

describe.each(CASES)('%s', (_, parts, assemble) => {
  const integrity = (changed: Partial<Parts>) => {
    const { text, key } = assemble({ ...parts, ...changed });
    return verifySignedValue(text, { key }).integrity;
  };

  it('is valid as signed', () => expect(integrity({})).toBe('valid'));

  it.each(['payload', 'signature', 'key'] as const)('is not valid with any changed byte of its %s', (part) => {
    fc.assert(
      fc.property(fc.nat(parts[part].length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(parts[part]);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        expect(integrity({ [part]: bytes })).not.toBe('valid');
      }),
      { numRuns: 25 },
    );
  });

  it.each(['payload', 'signature', 'key'] as const)('is not valid with bytes of its %s removed or added', (part) => {
    fc.assert(
      fc.property(fc.nat(parts[part].length), fc.nat(3), fc.uint8Array({ maxLength: 3 }), (at, removed, added) => {
        const bytes = Buffer.concat([parts[part].subarray(0, at), added, parts[part].subarray(at + removed)]);
        if (!bytes.equals(parts[part])) expect(integrity({ [part]: bytes })).not.toBe('valid');
      }),
      { numRuns: 25 },
    );
  });

  it('is not valid with another key of the same curve', () => {
    const curve =
      CASES.length > 0 ? verifySignedValue(assemble(parts).text, { key: assemble(parts).key }).curve : undefined;
    const other = newKey(curve ?? 'secp256r1');
    expect(curveOf(other.curve)).toBeDefined();
    expect(verifySignedValue(assemble(parts).text, { key: other.spki }).integrity).toBe('invalid');
  });
});

describe('formats that are texts or files', () => {
  const changedAt = (text: string, at: number, character: string): string =>
    `${text.slice(0, at)}${character}${text.slice(at + 1)}`;

  it('OCMF: no single character of the payload can be changed', () => {
    const text = session(p256);
    for (let at = text.indexOf('|'); at <= text.lastIndexOf('|'); at += 1) {
      for (const character of ['0', ' ']) {
        if (text[at] !== character)
          expect(verifySignedValue(changedAt(text, at, character), { key: p256.spki }).integrity).not.toBe('valid');
      }
    }
  });

  it('PCDF: no single character before the signature can be changed', () => {
    const text = pcdf(p256);
    for (let at = 0; at < text.indexOf('(SG:'); at += 1) {
      for (const character of ['0', '1']) {
        if (text[at] !== character)
          expect(verifySignedValue(changedAt(text, at, character)).integrity).not.toBe('valid');
      }
    }
  });

  it.each([
    ['EDL40', edlSml(p192), p192],
    ['eMOC', edlSml(p256), p256],
    ['ISA-EDL-40P', isa(p256, 2), p256],
  ])('%s: no byte of the SML file can be changed', (_, file, key) => {
    expect(verifySignedValue(file.toString('hex'), { key: key.point }).integrity).toBe('valid');
    for (let at = 0; at < file.length; at += 1) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      expect(verifySignedValue(changed.toString('hex'), { key: key.point }).integrity).not.toBe('valid');
    }
  });

  it('Mennekes: no digit of a measured or signed field can be changed', () => {
    const text = mennekes(p192);
    const fields =
      /<(ServerId|PublicKey|CustomerIdent|TimestampCustomerIdent|Timestamp|Signature|EventCounter|MeterStatus|Value|Scaler|Pagination|SecondIndex)>[^<]*/g;
    for (const { index, 0: field } of text.matchAll(fields)) {
      for (let at = index + field.indexOf('>') + 1; at < index + field.length; at += 1) {
        const digit = text[at] ?? '';
        // Only the clock face is signed, not its offset, which is why the offset is not used.
        if (!/[0-9]/.test(digit) || text.slice(at - 5, at).includes('+')) continue;
        expect(verifySignedValue(changedAt(text, at, digit === '7' ? '8' : '7')).integrity).not.toBe('valid');
      }
    }
  });
});
