import fc from 'fast-check';
import { jsonPointer, valueAt } from './pointer.ts';

describe('JSON pointers', () => {
  it('escape tilde and slash (RFC 6901)', () => {
    expect(jsonPointer(['a/b', 'm~n', 0])).toBe('/a~1b/m~0n/0');
    expect(jsonPointer([])).toBe('');
  });

  it('lead back to the value', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.jsonValue(), (one, other, value) => {
      const document = Object.fromEntries([[one, [0, Object.fromEntries([[other, value]])]]]);
      expect(valueAt(document, jsonPointer([one, 1, other]))).toBe(value);
    }));
  });

  it('find nothing where nothing is, not even inherited members', () => {
    expect([valueAt({}, '/toString'), valueAt({}, 'a'), valueAt([1], '/7'), valueAt(null, '/a')])
      .toEqual([undefined, undefined, undefined, undefined]);
    expect(valueAt({ a: 1 }, '')).toEqual({ a: 1 });
  });
});
