import { fromBase64 } from '../encoding/base64.ts';
import { fromHex, toHex, withoutBlanks } from '../encoding/hex.ts';
import { quoted } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import { brokenOrCut, invalid, truncated, unverifiable } from '../rejection.ts';
import { decode } from '../xml/read-xml.ts';
import { inside, leaf, noLeaf, NO_WRAPPING, type Leaf, type Wrapping } from './leaf.ts';
import { unwrapJson } from './unwrap-json.ts';
import { unwrapXml } from './unwrap-xml.ts';

const SML_START = '1b1b1b1b01010101';
const PCDF_MARKS = [0, 1, 6];
/** A whole word of one alphabet, long enough not to be a word of a language. */
const ENCODED = /^[A-Za-z0-9+/_-]{24,}={0,2}$/;

/**
 * Takes off what operators wrap around a signed value: hex, base64, OCPP's JSON, escaped XML, the transparency
 * software's container, in any order, at most four rounds. Recognises formats by content, never by attributes.
 *
 * @returns one leaf per value, at least one
 */
export function unwrap(text: string, longest: number = LIMITS.valueChars): readonly Leaf[] {
  if (text.length > longest)
    return noLeaf(invalid('too-large', `${text.length} characters are more than any value has`), NO_WRAPPING);
  return unwrapText(text, NO_WRAPPING);
}

/** One round; readers of wrappings call it again for what they contain. */
export function unwrapText(wrapped: string, wrapping: Wrapping): readonly Leaf[] {
  if (wrapping.path.length > LIMITS.rounds)
    return noLeaf(invalid('too-deep', 'the value is wrapped too many times'), wrapping);
  const text = wrapped.replace(/^\uFEFF/, '').trim();
  if (text === '') return noLeaf(invalid('empty', 'there is no text'), wrapping);
  if (text.startsWith('OCMF|')) return leaf({ format: 'OCMF', text }, wrapping);
  if (/^AP;[012];/.test(text)) return leaf({ format: 'ALFEN', text }, wrapping);
  if (PCDF_MARKS.includes(text.indexOf('128.8.0(')) || /^[^<{]*\(RV:/.test(text))
    return leaf({ format: 'PCDF', text }, wrapping);
  if (text.startsWith('<')) return unwrapXml(text, wrapping);
  if (text.startsWith('&lt;')) return unwrapEscaped(text, inside(wrapping, 'escaped XML'));
  if (text.startsWith('{') || text.startsWith('[')) return unwrapJson(text, wrapping);
  return (
    unwrapEncoded(withoutBlanks(text), wrapping) ??
    noLeaf(unverifiable('unknown-format', `no known format: text that starts with ${quoted(text, 12)}`), wrapping)
  );
}

function unwrapEscaped(text: string, wrapping: Wrapping): readonly Leaf[] {
  const unescaped = decode(text);
  if (unescaped === undefined) return noLeaf(brokenOrCut(text, 'the escaped XML is broken'), wrapping);
  return unwrapText(unescaped, wrapping);
}

function unwrapEncoded(text: string, wrapping: Wrapping): readonly Leaf[] | undefined {
  const hex = fromHex(text);
  if (hex !== undefined) return unwrapBytes(hex, inside(wrapping, 'hex'));
  if (text.toLowerCase().startsWith(SML_START)) {
    return noLeaf(brokenOrCut(text, 'the SML file has other characters than hex digits'), wrapping);
  }
  if (!ENCODED.test(text)) return undefined;
  const base64 = fromBase64(text);
  if (base64 !== undefined) return unwrapBytes(base64, inside(wrapping, 'base64'));
  return text.length >= LIMITS.truncatedFrom
    ? noLeaf(truncated('the base64 text stops in the middle'), wrapping)
    : undefined;
}

function unwrapBytes(bytes: Uint8Array, wrapping: Wrapping): readonly Leaf[] {
  if (toHex(bytes.subarray(0, 8)) === SML_START) return leaf({ format: 'SML', bytes }, wrapping);
  const text = utf8(bytes);
  return text === undefined
    ? noLeaf(unverifiable('unknown-format', `no known format: ${bytes.length} bytes that are no text`), wrapping)
    : unwrapText(text, wrapping);
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
