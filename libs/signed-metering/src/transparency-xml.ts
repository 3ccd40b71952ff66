import { granted, refused, type Decision } from '@emp/kernel';
import { toHex } from './encoding/hex.ts';
import { readPublicKey } from './keys/read-public-key.ts';
import { deliveredKey, judgeLeaf } from './judge-leaf.ts';
import { pairRegisters } from './session/pair-registers.ts';
import { timelineOf, type SessionRecord } from './session/timeline.ts';
import type { Value } from './unwrap/leaf.ts';
import { unwrap } from './unwrap/unwrap.ts';
import { distinctValues } from './verify-signed-value.ts';
import { escapeXml, writeXml } from './xml/write-xml.ts';

/**
 * Writes the signed values of one session as the file that the transparency software of S.A.F.E. e.V. opens. Records go
 * in byte for byte; a record that holds the whole session goes alone, others as one transaction with begin and end.
 *
 * @param key the station's key in any form; without it, the key that came with the values, else none
 * @param transactionId a whole number; the software groups by it
 * @returns the XML, or `nothing-to-export` when no value is of a format the software knows
 */
export function transparencyXml(
  values: readonly string[],
  key?: string,
  transactionId = 1n,
): Decision<string, 'nothing-to-export'> {
  const judged = distinctValues(values.flatMap((value) => unwrap(value)).map((leaf) => judgeLeaf(leaf, undefined)));
  const records = timelineOf(judged);
  const whole = records.filter(({ readings }) => pairRegisters(readings).pair !== undefined);
  const exported = whole.length > 0 ? whole.slice(-1) : records;
  if (exported.length === 0) return refused('nothing-to-export', 'no signed value of a known format');
  const elements = exported.map((record, index) =>
    valueElement(record, key, exported.length === 1 ? '' : transaction(index, exported.length, transactionId)),
  );
  return granted(`<?xml version="1.0" encoding="UTF-8"?><values>${elements.join('')}</values>`);
}

function transaction(index: number, count: number, id: bigint): string {
  const context = index === 0 ? 'Begin' : index === count - 1 ? 'End' : 'Update';
  return ` transactionId="${id}" context="Transaction.${context}"`;
}

function valueElement({ leaf, record }: SessionRecord, key: string | undefined, attributes: string): string {
  if (!leaf.value.ok) return '';
  const text = escapeXml(textOf(leaf.value.value));
  const written = keyText({ leaf, record }, key);
  const keyElement =
    written === undefined ? '' : `<publicKey encoding="${written.encoding}">${escapeXml(written.text)}</publicKey>`;
  const data = `<signedData format="${record.format}" encoding="plain">${text}</signedData>`;
  return `<value${attributes}>${data}${keyElement}</value>`;
}

function textOf(value: Value): string {
  if (value.format === 'SML') return toHex(value.bytes);
  return 'element' in value ? writeXml(value.element) : value.text;
}

interface KeyText {
  readonly text: string;
  readonly encoding: 'plain' | 'base32';
}

/**
 * The software expects the form of each format: what the record itself brings, SPKI for OCMF, the bare point for EDL
 * and ISA.
 */
function keyText(
  { leaf, record }: Pick<SessionRecord, 'leaf' | 'record'>,
  key: string | undefined,
): KeyText | undefined {
  if (record.embeddedKey !== undefined) {
    return { text: record.embeddedKey.trim(), encoding: record.format === 'ALFEN' ? 'base32' : 'plain' };
  }
  const text = key ?? deliveredKey(leaf, record)?.text;
  if (text === undefined) return undefined;
  const read = readPublicKey(text, record.curves);
  if (!read.ok) return { text: text.trim(), encoding: 'plain' };
  return { text: record.format === 'OCMF' ? read.value.spki : read.value.point, encoding: 'plain' };
}
