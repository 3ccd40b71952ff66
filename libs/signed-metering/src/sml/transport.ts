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
  const end = endOf(file);
  if (end === undefined) return truncated('the SML file has no end sequence');
  if (end + END_LENGTH !== file.length) return malformed('something follows the SML file\'s end');
  const [padding = 0, low = 0, high = 0] = file.subarray(end + 5);
  if (crc16(file.subarray(0, end + 6)) !== (low | (high << 8))) return invalid('checksum', 'the SML file\'s checksum is wrong');
  const body = withoutDoubledEscapes(file.subarray(START_LENGTH, end));
  return padding > 3 || padding > body.length ? malformed('the SML file\'s filler is wrong') : accepted(body.subarray(0, body.length - padding));
}

const isEscape = (file: Uint8Array, at: number): boolean =>
  [0, 1, 2, 3].every((offset) => file[at + offset] === ESCAPE);

/** Where `1b1b1b1b 1a` stands, not counting escaped escapes. */
function endOf(file: Uint8Array): number | undefined {
  for (let at = START_LENGTH; at + END_LENGTH <= file.length; at += 1) {
    if (!isEscape(file, at)) continue;
    if (file[at + 4] === 0x1a) return at;
    if (!isEscape(file, at + 4)) return undefined;
    at += 7;
  }
  return undefined;
}

function withoutDoubledEscapes(body: Uint8Array): Uint8Array {
  const plain: number[] = [];
  for (let at = 0; at < body.length; at += 1) {
    plain.push(body[at] ?? 0);
    if (!isEscape(body, at) || !isEscape(body, at + 4)) continue;
    plain.push(ESCAPE, ESCAPE, ESCAPE);
    at += 7;
  }
  return Uint8Array.from(plain);
}
