import { countryNamed, countryOf, countryOfId } from './country.ts';

describe('the country of an EVSE', () => {
  it.each([
    ['CHE', 'CH'], ['DEU', 'DE'], ['de', 'DE'], [' AUT ', 'AT'], ['Germany', 'DE'], ['XXX', null], ['', null],
    [null, null],
  ])(
    'named %p is %p', (name, country) => expect(countryNamed(name)).toBe(country));

  it.each([
    ['CH*CCI*E22078', 'CH'], ['de*abc*e1', 'DE'], ['+41*031*1868*1', 'CH'], ['49*536*2', 'DE'],
    ['+1*555*1', null], ['QQ*ABC*E1', null], ['', null],
  ])('of the id %p is %p', (id, country) => expect(countryOfId(id)).toBe(country));

  it('is that of the address, even when the id says another', () => {
    expect(countryOf('AUT', 'DE*ABC*E1')).toBe('AT');
    expect(countryOf('nowhere', 'DE*ABC*E1')).toBe('DE');
  });
});
