import fc from 'fast-check';
import { sliceRecords } from './slice-records.ts';

describe('sliceRecords', () => {
  it('gives each record as it was sent, byte for byte', () => {
    const text = '﻿ { "number" : 0, "content":[ {"ConsumedEnergy" : 10.500, "s":"]}\\"," } ,\n[1, 2],"x" , 12.50e1, null ] , "last":true}';
    expect(sliceRecords(text, 'content')).toEqual([
      { text: '{"ConsumedEnergy" : 10.500, "s":"]}\\"," }', pointer: '/content/0' },
      { text: '[1, 2]', pointer: '/content/1' },
      { text: '"x"', pointer: '/content/2' },
      { text: '12.50e1', pointer: '/content/3' },
      { text: 'null', pointer: '/content/4' },
    ]);
  });

  it('takes the last of two members of one name, as JSON.parse does, and reads escaped names', () => {
    expect(sliceRecords('{"content":[1],"con\\u0074ent":[2,3]}', 'content').map(({ text }) => text)).toEqual(['2', '3']);
  });

  it.each(['', '[]', '{}', '{"content":{}}', '{"content":null}', '{"other":{"content":[1]}}', 'nonsense'])('finds nothing in %j', (text) => {
    expect(sliceRecords(text, 'content')).toEqual([]);
  });

  it('slices what JSON.stringify makes', () => {
    fc.assert(fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.nat(3), (records, indent) => {
      const text = JSON.stringify({ before: records, content: records, after: 1 }, null, indent);
      expect(sliceRecords(text, 'content').map((slice) => JSON.parse(slice.text) as unknown)).toEqual(JSON.parse(JSON.stringify(records)));
    }), { numRuns: 200 });
  });

  it('ends for any text', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\ a1'.split('')) }), (text) => {
      sliceRecords(text, 'a');
      sliceRecords(`{"a":[${text}`, 'a');
    }), { numRuns: 500 });
  });
});
