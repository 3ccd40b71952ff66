import { PageWalk } from './page-walk.ts';

const shrank = (...totals: (number | undefined)[]): boolean => {
  const walk = new PageWalk();
  for (const total of totals) walk.saw(total);
  return walk.shrank;
};

describe('a walk over pages', () => {
  it('missed nothing while the network stayed as it was or grew', () => {
    expect(shrank(10, 10, 10)).toBe(false);
    expect(shrank(10, 11, 12)).toBe(false);
    expect(shrank()).toBe(false);
    expect(shrank(undefined, 10, undefined)).toBe(false);
  });

  it('may have missed a record once the network became smaller, whatever it did before or after', () => {
    expect(shrank(10, 9)).toBe(true);
    expect(shrank(10, 9, 10)).toBe(true);
    expect(shrank(10, undefined, 9)).toBe(true);
  });
});
