import { storable } from './storable.ts';

describe('a record that goes into the database', () => {
  it('is left alone when it can be stored, a backslash and an emoji included', () => {
    const record = { name: 'a \\u0000 written out', emoji: '🔌', list: [{ power: '22' }] };
    expect(storable(record)).toEqual({ value: record, text: JSON.stringify(record) });
    const plain = { name: 'Zürich' };
    expect(storable(plain).value).toBe(plain);
  });

  it('loses the characters that PostgreSQL refuses, and nothing else', () => {
    const { value, text } = storable({ name: 'a\u0000b', list: [{ value: 'half \ud83d pair' }, 7, null, true] });
    expect(value).toEqual({ name: 'a\uFFFDb', list: [{ value: 'half \uFFFD pair' }, 7, null, true] });
    expect(text).toBe(JSON.stringify(value));
  });
});
