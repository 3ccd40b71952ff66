/** Bytes of an even number of hex digits; `undefined` for everything else. Blanks must be gone already. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length === 0 || text.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(text)) return undefined;
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** Keys and signatures come in groups, over several lines, with leading blanks. */
export const withoutBlanks = (text: string): string => text.replaceAll(/\s+/g, '');
