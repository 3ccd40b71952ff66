const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes of RFC 4648 base32, padded or not; `undefined` for other letters, impossible lengths or spare bits set. */
export function fromBase32(text: string): Uint8Array | undefined {
  const match = /^([A-Z2-7]+)(=*)$/.exec(text);
  if (!match) return undefined;
  const [, letters = '', padding = ''] = match;
  if ([1, 3, 6].includes(letters.length % 8)) return undefined;
  if (padding.length > 0 && (padding.length > 6 || text.length % 8 !== 0)) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of letters) {
    held = (held << 5) | ALPHABET.indexOf(letter);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
    held &= (1 << bits) - 1;
  }
  return held === 0 ? Uint8Array.from(bytes) : undefined;
}
