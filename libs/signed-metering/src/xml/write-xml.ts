import type { XmlElement } from './xml-element.ts';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ['\r', '&#13;'],
]);

export const escapeXml = (text: string): string => text.replaceAll(/[&<>"\r]/g, (sign) => ESCAPES.get(sign) ?? sign);

/** Writes an element without namespaces: names, attributes, text. Comments are lost, mixed content loses its order. */
export function writeXml({ name, attributes, children, text }: XmlElement): string {
  const written = [...attributes]
    .filter(([attribute]) => !attribute.includes(':') && attribute !== 'xmlns')
    .map(([attribute, value]) => ` ${attribute}="${escapeXml(value)}"`)
    .join('');
  const content = children.length > 0 ? children.map(writeXml).join('') : escapeXml(text);
  return `<${name}${written}>${content}</${name}>`;
}
