import fc from 'fast-check';
import { lookAtJson } from './json-text.ts';

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('a text that should be JSON', () => {
  it.each([
    ['', 'line 1, column 1: the text ends; expected: a value'],
    ['{"a": 1,}', 'line 1, column 9: something else is there; expected: a name in double quotes'],
    ['{"a": 1\n  "b": 2}', 'line 2, column 3: something else is there; expected: a comma or }'],
    ["{'a': 1}", 'line 1, column 2: something else is there; expected: a name in double quotes'],
    ['{"a" 1}', 'line 1, column 6: something else is there; expected: a colon'],
    ['[1, 2', 'line 1, column 6: the text ends; expected: a comma or ]'],
    ['{"a": undefined}', 'line 1, column 7: something else is there; expected: a value'],
    ['{"a": 1} {"b": 2}', 'line 1, column 10: something else is there; expected: the end of the document'],
    ['{"a": "one\ntwo"}', 'line 1, column 11: something else is there; expected: the end of the string, or an escape'],
    ['{"a": "one', 'line 1, column 11: the text ends; expected: the end of the string, or an escape'],
  ])('%j stops to be it', (text, trouble) => {
    expect(lookAtJson(text).trouble).toBe(trouble);
    expect(parses(text)).toBe(false);
  });

  it('is told from one that is not as JSON.parse does it', () => {
    const spoilt = fc.tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', ':', '1', '.', '-', 'e', '\\', '\n', 'null'))
      .map(([text, at, piece]) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1));
    fc.assert(fc.property(fc.oneof(fc.json(), spoilt, fc.string()), (text) => {
      expect({ text, json: lookAtJson(text).trouble === undefined }).toEqual({ text, json: parses(text) });
    }), { numRuns: 2000 });
  });

  it('may be nested as deep as it likes, and begin with a byte order mark', () => {
    expect(lookAtJson(`\uFEFF${'['.repeat(200_000)}${']'.repeat(200_000)}`)).toEqual({ trouble: undefined, repeated: [] });
  });

  it('names the members that are there twice', () => {
    expect(lookAtJson('{"a":[{"b":1},{"b":1,"c/d":2,"\\u0063/d":3}],"b":{"a":1},"__proto__":1,"a":0}').repeated)
      .toEqual(['/a/1/c~1d', '/a']);
  });
});
