import { LIMITS } from '../limits.ts';
import type { XmlElement } from './xml-element.ts';

type XmlFault = 'unexpected-end' | 'malformed' | 'too-deep' | 'document-type';
export type XmlOutcome =
  { readonly ok: true; readonly root: XmlElement } | { readonly ok: false; readonly fault: XmlFault };

interface Open {
  readonly qualifiedName: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const TAG = /<([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const CLOSE = /<\/([\w.:-]+)\s*>/y;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);
/** What may stand between elements, by its start and its end. */
const SKIPPED: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<?', '?>'],
];

/**
 * Reads a small XML document into elements. Only what these containers need: no document types (so no entities of their
 * own and nothing to fetch), bounded depth and number of elements, names without their prefix. Never throws.
 */
export function readXml(source: string): XmlOutcome {
  const text = source.replaceAll('\r\n', '\n');
  const open: Open[] = [{ qualifiedName: '', attributes: new Map(), children: [], text: '' }];
  let elements = 0;
  for (let at = 0; at < text.length;) {
    const inside = open.at(-1);
    if (inside === undefined) return failed('malformed');
    const next = text.indexOf('<', at);
    const data = decode(text.slice(at, next < 0 ? text.length : next));
    if (data === undefined) return failed(next < 0 ? 'unexpected-end' : 'malformed');
    inside.text += data;
    if (next < 0) break;
    at = next;
    const skipped = SKIPPED.find(([start]) => text.startsWith(start, at));
    if (skipped || text.startsWith('<![CDATA[', at)) {
      const end = text.indexOf(skipped?.[1] ?? ']]>', at);
      if (end < 0) return failed('unexpected-end');
      if (!skipped) inside.text += text.slice(at + 9, end);
      at = end + (skipped?.[1].length ?? 3);
    } else if (text.startsWith('<!', at)) {
      return failed('document-type');
    } else if (text.startsWith('</', at)) {
      const tag = matchAt(CLOSE, text, at);
      if (!tag) return failed(text.includes('>', at) ? 'malformed' : 'unexpected-end');
      if (open.length < 2 || tag[1] !== inside.qualifiedName) return failed('malformed');
      open.pop();
      open.at(-1)?.children.push(closed(inside));
      at += tag[0].length;
    } else {
      const tag = matchAt(TAG, text, at);
      const attributes = tag && attributesOf(tag[2] ?? '');
      if (!tag || !attributes) return failed(text.includes('>', at) ? 'malformed' : 'unexpected-end');
      if ((elements += 1) > LIMITS.xmlElements || open.length > LIMITS.depth) return failed('too-deep');
      const element: Open = { qualifiedName: tag[1] ?? '', attributes, children: [], text: '' };
      if (tag[3] === '/') inside.children.push(closed(element));
      else open.push(element);
      at += tag[0].length;
    }
  }
  const [document] = open;
  if (open.length > 1) return failed('unexpected-end');
  const [root, ...others] = document?.children ?? [];
  return root === undefined || others.length > 0 || document?.text.trim() !== ''
    ? failed('malformed')
    : { ok: true, root };
}

const failed = (fault: XmlFault): XmlOutcome => ({ ok: false, fault });
const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
const closed = ({ qualifiedName, attributes, children, text }: Open): XmlElement => ({
  name: localName(qualifiedName),
  attributes,
  children,
  text,
});

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function attributesOf(text: string): ReadonlyMap<string, string> | undefined {
  const attributes = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    const value = decode(double ?? single ?? '');
    if (value === undefined || attributes.has(name)) return undefined;
    attributes.set(name, value);
  }
  return attributes;
}

/** The five predefined entities and character references; `undefined` for any other. */
export function decode(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let unknown = false;
  const decoded = text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,10}));|&/g,
    (whole, decimal, hex, name) => {
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : parseInt(decimal, 10);
      const character = Number.isNaN(code)
        ? ENTITIES.get(name)
        : code > 0 && code <= 0x10ffff
          ? String.fromCodePoint(code)
          : undefined;
      unknown ||= character === undefined;
      return character ?? whole;
    },
  );
  return unknown ? undefined : decoded;
}
