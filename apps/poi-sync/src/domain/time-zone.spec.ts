import { timeZoneOf, timeZoneOfCountry } from './time-zone.ts';

describe('the time zone of an EVSE', () => {
  const zurich = { latitude: '47.3769', longitude: '8.5417' };

  it('is that of its position', () => {
    expect(timeZoneOf(zurich, 'plausible', 'CH')).toBe('Europe/Zurich');
    expect(timeZoneOf({ latitude: '28.1', longitude: '-15.4' }, 'plausible', 'ES')).toBe('Atlantic/Canary');
    expect(timeZoneOf(zurich, 'unchecked', null)).toBe('Europe/Zurich');
  });

  it('is that of the exchanged position when latitude and longitude are swapped', () => {
    expect(timeZoneOf({ latitude: '-15.4', longitude: '28.1' }, 'swapped', 'ES')).toBe('Atlantic/Canary');
  });

  it('is that of the country when the position cannot be believed', () => {
    expect(timeZoneOf({ latitude: '50.0', longitude: '-15.0' }, 'placeholder', 'CH')).toBe('Europe/Zurich');
    expect(timeZoneOf(null, 'missing', 'DE')).toBe('Europe/Berlin');
  });

  it('stays open where neither tells', () => {
    expect(timeZoneOf(null, 'missing', 'ES')).toBeNull();
    expect(timeZoneOfCountry('US')).toBeNull();
    expect(timeZoneOf(null, 'missing', null)).toBeNull();
  });
});
