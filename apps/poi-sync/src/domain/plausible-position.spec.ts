import { judgePosition } from './plausible-position.ts';

const judge = (latitude: string, longitude: string, country: string | null) =>
  judgePosition({ latitude, longitude }, country);

describe('a position is judged', () => {
  it.each([
    ['46.23432', '6.055602', 'CH', 'plausible'],
    ['50.0', '-15.0', 'CH', 'placeholder'],
    ['0.0', '0.0', 'CH', 'placeholder'],
    ['6.055602', '46.23432', 'CH', 'swapped'],
    ['139.69', '35.68', 'JP', 'swapped'],
    ['38.04843', '114.62462', 'CH', 'outside-country'],
    ['47.395878', '47.395878', 'CH', 'outside-country'],
    ['139.69', '35.68', 'CH', 'outside-country'],
    ['-21.1', '55.5', 'FR', 'plausible'],
    ['46.23432', '6.055602', null, 'unchecked'],
    ['139.69', '35.68', null, 'outside-country'],
  ])('%s %s in %s: %s', (latitude, longitude, country, verdict) =>
    expect(judge(latitude, longitude, country)).toBe(verdict));

  it('generously at a border: Konstanz is German and a few hundred metres from Switzerland', () => {
    expect(judge('47.6603', '9.1758', 'DE')).toBe('plausible');
    expect(judge('47.6570', '9.1700', 'DE')).toBe('plausible');
    expect(judge('47.1410', '9.5150', 'LI')).toBe('plausible');
  });
});
