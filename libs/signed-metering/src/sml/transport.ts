import { accepted, invalid, malformed, truncated, type Outcome } from '../rejection.ts';
import { crc16 } from './crc16.ts';

const ESCAPE = 0x1b;
const START_LENGTH = 8;
const END_LENGTH = 8;

/**
 * Takes the SML transport off: start sequence, doubled escapes, filler, checksum. A wrong checksum means that the bytes
 * were changed after the meter sent them.
 */
export function smlBody(file: Uint8Array): Outcome<Uint8Array> {
  const end = file.length - END_LENGTH;
  if (end < START_LENGTH || !isEscape(file, end) || file[end + 4] !== 0x1a)
    return truncated('the SML file does not stop with its end sequence');
  const [padding = 0, low = 0, high = 0] = file.subarray(end + 5);
  if (crc16(file.subarray(0, end + 6)) !== (low | (high << 8)))
    return invalid('checksum', "the SML file's checksum is wrong");
  const content = file.subarray(START_LENGTH, end);
  if (padding > 3 || padding > content.length) return malformed("the SML file's filler is wrong");
  return accepted(withoutDoubledEscapes(content.subarray(0, content.length - padding)));
}

const isEscape = (bytes: Uint8Array, at: number): boolean =>
  [0, 1, 2, 3].every((offset) => bytes[at + offset] === ESCAPE);

function withoutDoubledEscapes(content: Uint8Array): Uint8Array {
  const plain: number[] = [];
  for (let at = 0; at < content.length; at += 1) {
    plain.push(content[at] ?? 0);
    if (!isEscape(content, at) || !isEscape(content, at + 4)) continue;
    plain.push(ESCAPE, ESCAPE, ESCAPE);
    at += 7;
  }
  return Uint8Array.from(plain);
}
