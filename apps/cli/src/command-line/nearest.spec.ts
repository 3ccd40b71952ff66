import { nearest } from './nearest.ts';

const WORDS = ['validate', 'explain', 'id', 'codes', 'errata', 'endpoints'];

describe('the nearest word', () => {
  it.each([
    ['vlidate', 'validate'],
    ['validtae', 'validate'],
    ['Validate', 'validate'],
    ['code', 'codes'],
    ['erata', 'errata'],
    ['end-points', 'endpoints'],
  ])('takes %s for %s', (typed, meant) => {
    expect(nearest(typed, WORDS)).toBe(meant);
  });

  it('finds nothing near a word that is far from all', () => {
    expect(nearest('subscribe', WORDS)).toBeUndefined();
  });
});
