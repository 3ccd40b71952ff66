import { quoted } from '../finding.ts';
import { isList, isObject, textOf, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { readJson } from '../json/read-json.ts';
import { LIMITS } from '../limits.ts';
import { brokenOrCut, invalid, malformed, truncated, unverifiable } from '../rejection.ts';
import { inside, noLeaf, type Leaf, type Wrapping } from './leaf.ts';
import { unwrapText } from './unwrap.ts';

/** OCPP's `SignedMeterValueType`, OICP's record, and what a person would write by hand. */
const VALUE_MEMBERS = [
  'signedMeterData',
  'SignedMeteringValue',
  'signedMeteringValue',
  'signedData',
  'signedValue',
  'record',
];
const KEY_MEMBERS = ['publicKey', 'PublicKey', 'key'];
const LIST_MEMBERS = ['SignedMeteringValues', 'signedMeteringValues', 'signedMeterValues'];
/** Members by which other formats of signed values name themselves. */
const NAME_MEMBERS = ['@context', 'format', 'type', '@type'];

/**
 * A signed value inside JSON, with its key if it is there: alone, in a list, or in a whole OICP charge detail record.
 */
export function unwrapJson(text: string, wrapping: Wrapping): readonly Leaf[] {
  const json = readJson(text);
  if (json.ok) return unwrapValue(json.value, inside(wrapping, 'JSON'));
  if (json.fault === 'unexpected-end') return noLeaf(truncated('the JSON text stops in the middle'), wrapping);
  return noLeaf(
    json.fault === 'too-deep'
      ? invalid('too-deep', 'the JSON text is nested too deeply')
      : brokenOrCut(text, 'the JSON text is broken'),
    wrapping,
  );
}

function unwrapValue(value: JsonValue, wrapping: Wrapping): readonly Leaf[] {
  if (typeof value === 'string') return unwrapText(value, wrapping);
  if (isList(value)) return unwrapList(value, wrapping);
  if (!isObject(value)) return noLeaf(malformed('the JSON text contains no signed value'), wrapping);
  const own = { ...wrapping, key: keyOf(value) ?? wrapping.key };
  for (const name of VALUE_MEMBERS) {
    const signed = value.get(name);
    if (typeof signed === 'string') return unwrapText(signed, own);
  }
  for (const name of LIST_MEMBERS) {
    const list = value.get(name);
    if (isList(list)) return unwrapList(list, own);
  }
  return noLeaf(unverifiable('unknown-format', `no known format: ${nameOf(value)}`), own);
}

function unwrapList(values: readonly JsonValue[], wrapping: Wrapping): readonly Leaf[] {
  if (values.length === 0 || values.length > LIMITS.values || values.some(isList)) {
    return noLeaf(malformed(`a list of ${values.length} is no list of signed values`), wrapping);
  }
  return values.flatMap((value) => unwrapValue(value, wrapping));
}

function keyOf(object: JsonObject): string | undefined {
  const info = object.get('CalibrationLawVerificationInfo');
  const keys = [object, ...(isObject(info) ? [info] : [])].flatMap((holder) =>
    KEY_MEMBERS.map((name) => textOf(holder, name)),
  );
  return keys.find((key) => key !== undefined && key.trim() !== '');
}

function nameOf(object: JsonObject): string {
  const name = NAME_MEMBERS.map((member) => textOf(object, member)).find((text) => text !== undefined);
  return name === undefined ? 'JSON of another form' : `JSON ${quoted(name, 80)}`;
}
