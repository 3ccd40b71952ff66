import { locateJsonFault } from './json-fault.ts';

describe('locateJsonFault', () => {
  it.each([
    ['<html>', 1, 1, 0],
    ['{\n  "a": 1,\n  "b": [1, 2,]\n}', 3, 14, 25],
    ['{"a" 1}', 1, 6, 5],
    ['{"a": 1', 1, 8, 7],
    ['{"a": 1} x', 1, 10, 9],
    ['{"a": 01}', 1, 8, 7],
    ['["a\nb"]', 1, 2, 1],
    ['{"a": 1,}', 1, 9, 8],
    ['[}', 1, 2, 1],
    ['', 1, 1, 0],
  ])('says where %j stops being JSON', (text, line, column, offset) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(locateJsonFault(text)).toMatchObject({ line, column, offset });
  });

  it.each(['{}', '[]', ' {"a": [1.5e3, -0, null, true, {"b": "\\u00e4\\""}]} \n', '"x"', '0'])('finds nothing wrong with %s', (text) => {
    expect(locateJsonFault(text)).toBeUndefined();
  });
});
