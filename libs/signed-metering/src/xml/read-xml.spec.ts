import { escapeXml, writeXml } from './write-xml.ts';
import { readXml } from './read-xml.ts';

const root = (text: string) => {
  const read = readXml(text);
  if (!read.ok) throw new Error(read.fault);
  return read.root;
};

describe('readXml', () => {
  it('reads elements, attributes, entities, CDATA, comments, declarations, namespaces by local name', () => {
    const element = root(
      '\uFEFF<?xml version="1.0"?>\n<!-- <x> --><a:values xmlns:a="urn:x" k=\'1 &amp; 2\'>a&lt;b&#65;&#x42;<![CDATA[<c>]]><d/></a:values>'.slice(
        1,
      ),
    );
    expect(element.name).toBe('values');
    expect(element.attributes.get('k')).toBe('1 & 2');
    expect(element.text).toBe('a<bAB<c>');
    expect(element.children.map(({ name }) => name)).toEqual(['d']);
  });

  it.each([
    ['<a>', 'unexpected-end'],
    ['<a><b></b>', 'unexpected-end'],
    ['<a b="', 'unexpected-end'],
    ['<a><!-- ', 'unexpected-end'],
    ['<a>&am', 'unexpected-end'],
    ['<a></b>', 'malformed'],
    ['<a/><b/>', 'malformed'],
    ['text', 'malformed'],
    ['<a>&unknown;</a>', 'malformed'],
    ['<a b="1" b="2"/>', 'malformed'],
    ['<a></a>text', 'malformed'],
    ['</a>', 'malformed'],
    ['<a b=1/>', 'malformed'],
    ['<a>&#0;</a>', 'malformed'],
    ['<a>&#x110000;</a>', 'malformed'],
    ['<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 'document-type'],
  ])('refuses %s as %s', (text, fault) => expect(readXml(text)).toEqual({ ok: false, fault }));

  it('gives up on deep nesting and very many elements', () => {
    for (const text of ['<a>'.repeat(1000), `<a>${'<b/>'.repeat(60_000)}</a>`])
      expect(readXml(text)).toEqual({ ok: false, fault: 'too-deep' });
  });

  it('writes what reads the same', () => {
    const element = root('<a b="&quot;1&quot;"><c>x &amp; &lt;y&gt;</c><d/></a>');
    expect(root(writeXml(element))).toEqual(element);
    expect(root(`<a>${escapeXml('<>&"\r\n')}</a>`).text).toBe('<>&"\r\n');
  });
});
