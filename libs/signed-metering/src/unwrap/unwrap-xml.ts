import { quoted } from '../finding.ts';
import { LIMITS } from '../limits.ts';
import { brokenOrCut, invalid, malformed, truncated, unverifiable } from '../rejection.ts';
import { readXml } from '../xml/read-xml.ts';
import { childNamed, childrenNamed, descendantsNamed, type XmlElement } from '../xml/xml-element.ts';
import { inside, leaf, noLeaf, type Leaf, type Wrapping } from './leaf.ts';
import { unwrapText } from './unwrap.ts';

/**
 * The transparency software's container, EDL's `signedMeterValue`, Mennekes' `Billing`: by the local name of the root.
 */
export function unwrapXml(text: string, wrapping: Wrapping): readonly Leaf[] {
  const xml = readXml(text);
  if (xml.ok) return unwrapElement(xml.root, wrapping);
  switch (xml.fault) {
    case 'unexpected-end':
      return noLeaf(truncated('the XML text stops in the middle'), wrapping);
    case 'too-deep':
      return noLeaf(invalid('too-deep', 'the XML text is nested too deeply or has too many elements'), wrapping);
    case 'document-type':
      return noLeaf(malformed('the XML text declares a document type, which no record needs'), wrapping);
    case 'malformed':
      return noLeaf(brokenOrCut(text, 'the XML text is broken'), wrapping);
  }
}

function unwrapElement(root: XmlElement, wrapping: Wrapping): readonly Leaf[] {
  const own = inside(wrapping, `<${root.name.slice(0, 40)}>`);
  switch (root.name) {
    case 'values':
      return each(childrenNamed(root, 'value'), own, unwrapValue);
    case 'value':
      return unwrapValue(root, own);
    case 'signedMeterValues':
      return each(childrenNamed(root, 'signedMeterValue'), own, unwrapElement);
    case 'signedMeterValue':
      return leaf({ format: 'EDL_40_SIG', element: root }, own);
    case 'Billing':
      return each(descendantsNamed(root, 'ChargingProcess'), own, unwrapElement);
    case 'ChargingProcess':
      return leaf({ format: 'EDL_40_MENNEKES', element: root }, own);
    case 'encodedData':
      return noLeaf(unverifiable('unsupported-format', 'a sealed record (encodedData), which is not opened'), own);
    default:
      return noLeaf(unverifiable('unknown-format', `no known format: XML ${quoted(root.name)}`), own);
  }
}

/** A `<value>` of the container. Its `format` and `encoding` attributes are not believed. */
function unwrapValue(value: XmlElement, wrapping: Wrapping): readonly Leaf[] {
  const own: Wrapping = {
    key: childNamed(value, 'publicKey')?.text.trim() || wrapping.key,
    transactionId: value.attributes.get('transactionId')?.trim() || undefined,
    context: value.attributes.get('context')?.trim() || undefined,
    path: wrapping.path,
  };
  const data = childNamed(value, 'signedData');
  const element = data === undefined ? childNamed(value, 'encodedData') : data.children[0];
  if (element !== undefined) return unwrapElement(element, own);
  return data === undefined ? noLeaf(malformed('a <value> without signed data'), own) : unwrapText(data.text, own);
}

function each(
  elements: readonly XmlElement[],
  wrapping: Wrapping,
  unwrapOne: (element: XmlElement, wrapping: Wrapping) => readonly Leaf[],
): readonly Leaf[] {
  if (elements.length === 0) return noLeaf(malformed('the XML container is empty'), wrapping);
  if (elements.length > LIMITS.values)
    return noLeaf(invalid('too-large', `${elements.length} values in one container`), wrapping);
  return elements.flatMap((element) => unwrapOne(element, wrapping));
}
