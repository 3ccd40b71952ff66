import { NumberSet } from './number-set.ts';

describe('NumberSet', () => {
  it('knows what was seen, again, and what is not its concern', () => {
    const set = new NumberSet(10n, 26n);
    expect([10n, 26n, 17n, 17n, 9n, 27n].map((number) => set.add(number))).toEqual(['new', 'new', 'new', 'again', 'outside', 'outside']);
    expect([9n, 10n, 11n, 16n, 17n, 18n, 26n, 27n].filter((number) => set.has(number))).toEqual([10n, 17n, 26n]);
  });
});
