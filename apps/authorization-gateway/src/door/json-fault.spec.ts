import fc from 'fast-check';
import { brokenBodies } from '../../test/broken-bodies.ts';
import { explainFindings } from './explain-refusal.ts';
import { jsonBreaksAt, whereJsonBreaks } from './json-fault.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return true;
  } catch {
    return false;
  }
};

describe('where a text stops being JSON', () => {
  it.each([
    ['{"a":1,}', 1, 8],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['', 1, 1],
    ['nonsense', 1, 1],
    ['{"a":"x\ny"}', 1, 8],
    ['{"a":"\\q"}', 1, 7],
    ['[1,2', 1, 5],
    ['{"a":01}', 1, 7],
    ['{} {}', 1, 4],
  ])('%j: line %i, column %i', (text, line, column) => {
    expect(whereJsonBreaks(text)).toEqual({ line, column });
  });

  it('agrees with JSON.parse on whether there is such a place', () => {
    const message = { a: [1, -2.5e3, 'x\\y', null], b: { c: true, d: '' } };
    for (const body of brokenBodies(message, 3_000, 7)) {
      const text = typeof body === 'string' ? body : Buffer.from(body).toString('latin1');
      expect([text, jsonBreaksAt(text) === undefined]).toEqual([text, isJson(text)]);
    }
    fc.assert(fc.property(fc.json(), (text) => jsonBreaksAt(text) === undefined));
    fc.assert(fc.property(fc.json(), fc.nat(), (text, at) => {
      const cut = text.slice(0, at % text.length);
      return isJson(cut) === (jsonBreaksAt(cut) === undefined);
    }));
  });

  it('takes any depth', () => {
    expect(jsonBreaksAt('['.repeat(1_000_000))).toBe(1_000_000);
  });
});

describe('what a 022 tells', () => {
  it('names no member that OICP does not know', () => {
    const pointer = '/Identification/04A2B3C4D5E680/0';
    const finding = { pointer, code: 'wrong-type', severity: 'error', message: 'a list' } as const;
    expect(explainFindings([finding], '{}')).toBe('/Identification/?/0: a list');
  });
});
