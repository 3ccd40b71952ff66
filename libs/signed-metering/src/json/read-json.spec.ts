import fc from 'fast-check';
import { JsonNumber, type JsonValue } from './json-value.ts';
import { readJson } from './read-json.ts';

const plain = (value: JsonValue): unknown => {
  if (value instanceof JsonNumber) return JSON.parse(value.literal);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([name, member]: [string, JsonValue]) => [name, plain(member)]));
  return Array.isArray(value) ? value.map((item: JsonValue) => plain(item)) : value;
};

describe('readJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const read = readJson(text);
        expect(read.ok && JSON.stringify(plain(read.value))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('agrees with JSON.parse on what is JSON', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[[\]{}",:0-9.eE+\-truefalsn \\]{0,12}$/), (text) => {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        expect(readJson(text).ok).toBe(parses);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps the literal of a number and names members that occur twice', () => {
    expect(readJson('{"RV":0.2600,"RV":1}')).toMatchObject({ ok: true, duplicates: ['RV'] });
    const read = readJson('[0.2600, 1e3]');
    expect(read.ok && read.value).toEqual([new JsonNumber('0.2600'), new JsonNumber('1e3')]);
  });

  it.each([
    ['{"a":1', 'unexpected-end'],
    ['{"a":"b', 'unexpected-end'],
    ['[1,', 'unexpected-end'],
    ['{a:1}', 'malformed'],
    ['[1]]', 'malformed'],
  ])('says of %s that it is %s', (text, fault) => expect(readJson(text)).toEqual({ ok: false, fault }));

  it('gives up on deep nesting', () => {
    for (const text of ['['.repeat(100_000), '{"a":'.repeat(50_000)])
      expect(readJson(text)).toEqual({ ok: false, fault: 'too-deep' });
  });
});
