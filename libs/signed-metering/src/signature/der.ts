/** r and s, each left-padded to the size of the curve's order. */
export interface SignatureParts {
  readonly raw: Uint8Array;
  /** How the encoding departs from DER, for a finding; empty when it is strict. */
  readonly deviations: readonly string[];
}

/**
 * Reads `SEQUENCE { INTEGER r, INTEGER s }`. More lenient than OpenSSL in exactly two points, because meters in the
 * field are: an INTEGER may lack its leading zero (and so look negative) or carry too many. Lengths must be exact,
 * nothing may follow, and neither number may be longer than the curve's order.
 */
export function readDerSignature(bytes: Uint8Array, size: number): SignatureParts | undefined {
  const sequence = element(bytes, 0, 0x30);
  if (sequence === undefined || sequence.end !== bytes.length) return undefined;
  const r = element(bytes, sequence.start, 0x02);
  const s = r && element(bytes, r.end, 0x02);
  if (r === undefined || s === undefined || s.end !== bytes.length) return undefined;
  const raw = new Uint8Array(2 * size);
  const deviations: string[] = [];
  for (const [index, { start, end }] of [r, s].entries()) {
    const digits = bytes.subarray(start, end);
    const significant = digits.subarray(digits.findIndex((digit) => digit !== 0));
    if (digits.length === 0 || digits.every((digit) => digit === 0) || significant.length > size) return undefined;
    const zeros = digits.length - significant.length;
    if (zeros === 0 && (digits[0] ?? 0) >= 0x80) deviations.push(`${'rs'[index]} lacks its leading zero`);
    if (zeros > ((significant[0] ?? 0) >= 0x80 ? 1 : 0)) deviations.push(`${'rs'[index]} has superfluous zeros`);
    raw.set(significant, (index + 1) * size - significant.length);
  }
  return { raw, deviations };
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

function element(bytes: Uint8Array, at: number, tag: number): Extent | undefined {
  const length = bytes[at + 1];
  if (bytes[at] !== tag || length === undefined) return undefined;
  const long = length === 0x81;
  const size = long ? bytes[at + 2] : length;
  if (size === undefined || (!long && length >= 0x80) || (long && size < 0x80)) return undefined;
  const start = at + (long ? 3 : 2);
  return start + size <= bytes.length ? { start, end: start + size } : undefined;
}
