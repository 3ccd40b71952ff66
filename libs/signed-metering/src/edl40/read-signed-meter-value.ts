import { fromBase32 } from '../encoding/base32.ts';
import { fromBase64 } from '../encoding/base64.ts';
import { fromHex, toHex, withoutBlanks } from '../encoding/hex.ts';
import { quoted } from '../finding.ts';
import type { MeteringRecord } from '../record.ts';
import { accepted, malformed, unverifiable, type Outcome } from '../rejection.ts';
import { childText, type XmlElement } from '../xml/xml-element.ts';
import { edlContent, edlCurve } from './edl-content.ts';
import { EDL_LENGTH } from './edl-fields.ts';

/** Reads `signedMeterValue`: the signed 320 bytes as such, the signature with its two logbook bytes, often the key. */
export function readSignedMeterValue(element: XmlElement): Outcome<MeteringRecord> {
  const method = childText(element, 'signatureMethod') ?? 'ECDSA192SHA256';
  const encoding = childText(element, 'encodingMethod') ?? 'EDL';
  if (!/^ECDSA(192|256)SHA256$/.test(method))
    return unverifiable('unsupported-algorithm', `the signature method ${quoted(method)}`);
  if (encoding !== 'EDL')
    return unverifiable('unsupported-format', `a signedMeterValue encoded as ${quoted(encoding)}`);
  const block = bytesOfLength(childText(element, 'encodedMeterValue'), [EDL_LENGTH]);
  const signature = bytesOfLength(childText(element, 'meterValueSignature'), [50, 66]);
  if (block === undefined || signature === undefined)
    return malformed('the signedMeterValue has no readable value or signature');
  if (toHex(signature.subarray(-2)) !== toHex(block.subarray(39, 41))) {
    return malformed('the logbook bytes behind the signature are not the signed ones');
  }
  const content = edlContent(block, 'unordered');
  if (content === undefined) return malformed('the encoded meter value is no EDL40 block in watt-hours');
  const raw = signature.subarray(0, -2);
  return accepted({
    format: 'EDL_40_SIG',
    formatName: 'EDL40 (signedMeterValue)',
    ...content,
    blocks: [{ name: 'record', bytes: block, signature: raw, encoding: 'raw' }],
    curves: [edlCurve(raw)],
    curveIsDefault: false,
    embeddedKey: childText(element, 'publicKey'),
    chargePointId: undefined,
    findings: [],
  });
}

/** The length says which encoding is meant; the attribute often lies. */
function bytesOfLength(text: string | undefined, lengths: readonly number[]): Uint8Array | undefined {
  const bare = withoutBlanks(text ?? '');
  return [fromHex(bare), fromBase64(bare), fromBase32(bare)].find(
    (bytes) => bytes !== undefined && lengths.includes(bytes.length),
  );
}
