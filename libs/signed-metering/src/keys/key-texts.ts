import { fromBase32 } from '../encoding/base32.ts';
import { fromBase64 } from '../encoding/base64.ts';
import { fromHex, withoutBlanks } from '../encoding/hex.ts';

const PEM = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=]+)-----END PUBLIC KEY-----$/;
/** What the Open Charge Alliance puts before a key: `oca:base16:asn1:<hex SPKI>`, itself in base64. */
const OCA = /^oca:base16:asn1:([0-9a-fA-F]+)$/;
const BASE32_LENGTHS = [25, 48, 64, 65];

/**
 * Every way to read a text as the bytes of a key, likeliest first. Attributes that name the encoding are wrong too
 * often to be believed, so the encodings are tried in a fixed order: PEM, hex, base64, base32.
 */
export function keyBytesOf(text: string): readonly Uint8Array[] {
  const bare = withoutBlanks(text);
  const pem = PEM.exec(
    bare.replaceAll('BEGINPUBLICKEY', 'BEGIN PUBLIC KEY').replaceAll('ENDPUBLICKEY', 'END PUBLIC KEY'),
  );
  if (pem) return present(fromBase64(pem[1] ?? ''));
  const oca = OCA.exec(bare);
  if (oca) return present(fromHex(oca[1] ?? ''));
  const base64 = fromBase64(bare);
  return present(fromHex(bare), ...wrapped(base64), base64, base32Key(bare));
}

/** Base64 of a text that is a key itself: with the association's prefix, or plain hex. */
function wrapped(bytes: Uint8Array | undefined): readonly (Uint8Array | undefined)[] {
  if (bytes === undefined) return [];
  const text = Buffer.from(bytes).toString('latin1');
  return [fromHex(OCA.exec(text)?.[1] ?? ''), fromHex(text)];
}

function base32Key(text: string): Uint8Array | undefined {
  const bytes = fromBase32(text);
  return bytes !== undefined && BASE32_LENGTHS.includes(bytes.length) ? bytes : undefined;
}

const present = (...candidates: readonly (Uint8Array | undefined)[]): readonly Uint8Array[] =>
  candidates.filter((candidate) => candidate !== undefined);
