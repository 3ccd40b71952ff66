import { isUtf8 } from 'node:buffer';

/** A line of a file, counted from 1; without its line end. */
export interface SourceLine {
  readonly number: number;
  readonly text: string;
  /** Why there is no text. */
  readonly fault?: string;
}

const LINE_FEED = 0x0a;
const LONGEST_LINE_BYTES = 1_048_576;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The lines of a stream, some at a time, as it brings them; empty ones are counted and left out. A line that is too
 * long or not UTF-8 is told as such and costs no memory. @throws whatever breaks the stream: what came before stays.
 */
export async function* sourceLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<readonly SourceLine[]> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let isTooLong = false;
  let number = 0;
  const lineOf = (bytes: Buffer): SourceLine => {
    number += 1;
    if (isTooLong || bytes.length > LONGEST_LINE_BYTES) {
      isTooLong = false;
      return { number, text: '', fault: `the line is longer than ${LONGEST_LINE_BYTES} bytes` };
    }
    if (!isUtf8(bytes)) return { number, text: '', fault: 'the line is not UTF-8' };
    const text = bytes.toString('utf8');
    const from = number === 1 && text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    return { number, text: text.endsWith('\r') ? text.slice(from, -1) : text.slice(from) };
  };
  for await (const chunk of stream) {
    const lines: SourceLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; start = end + 1, end = chunk.indexOf(LINE_FEED, start)) {
      const line = lineOf(Buffer.concat([...rest, chunk.subarray(start, end)]));
      if (line.text.trim() !== '' || line.fault) lines.push(line);
      rest = [];
      restBytes = 0;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > LONGEST_LINE_BYTES) {
      isTooLong = true;
      rest = [];
    }
    if (lines.length > 0) yield lines;
  }
  const last = restBytes > 0 ? lineOf(Buffer.concat(rest)) : undefined;
  if (last && (last.text.trim() !== '' || last.fault)) yield [last];
}
