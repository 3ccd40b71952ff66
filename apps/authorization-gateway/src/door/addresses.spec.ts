import { addressesOf } from './addresses.ts';

describe('addresses', () => {
  const read = addressesOf(['192.0.2.0/24', '203.0.113.7', '2001:db8::/32', '::1']);

  it.each([
    ['192.0.2.200', true],
    ['::ffff:192.0.2.200', true],
    ['192.0.3.1', false],
    ['203.0.113.7', true],
    ['203.0.113.8', false],
    ['2001:db8:1::5', true],
    ['2001:db9::5', false],
    ['::1', true],
    ['::2', false],
    ['', false],
  ])('%s is in it: %s', (address, isIn) => {
    expect(read.ok && read.value.has(address)).toBe(isIn);
  });

  it.each([['192.0.2.0/33'], ['2001:db8::/129'], ['example.org'], ['192.0.2.0/'], ['192.0.2.0/8/8'], ['192.0.2.0/-1']])(
    'refuses %s',
    (text) => {
      expect(addressesOf([text]).ok).toBe(false);
    },
  );
});
