const STANDARD = /^[A-Za-z0-9+/]+={0,2}$/;
const URL_SAFE = /^[A-Za-z0-9_-]+={0,2}$/;

/**
 * Bytes of base64 or base64url, padded or not; `undefined` unless the text is what an encoder writes for these bytes:
 * spare bits must be zero, so that no two texts mean the same bytes.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const bare = text.replace(/={0,2}$/, '');
  if (bare.length === 0 || bare.length % 4 === 1) return undefined;
  if (bare.length !== text.length && text.length % 4 !== 0) return undefined;
  const alphabet = STANDARD.test(text) ? 'base64' : URL_SAFE.test(text) ? 'base64url' : undefined;
  if (alphabet === undefined) return undefined;
  const bytes = Buffer.from(bare, alphabet);
  return bytes.toString(alphabet).replace(/=+$/, '') === bare ? new Uint8Array(bytes) : undefined;
}
