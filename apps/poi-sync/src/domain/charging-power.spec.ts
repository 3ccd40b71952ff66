import { readChargingPower } from './charging-power.ts';

describe('the power of an EVSE', () => {
  it('is that of the strongest facility, with the type of that facility', () => {
    expect(readChargingPower([
      { Power: '22', PowerType: 'AC_3_PHASE' }, { Power: '150.5', PowerType: 'DC' },
      { Power: '43.0', PowerType: 'AC_3_PHASE' },
    ]))
      .toMatchObject({ maximumPowerKw: '150.5', powerType: 'DC' });
  });

  it('is compared as a number, not as a text', () => {
    expect(readChargingPower([{ Power: '9' }, { Power: '11.00' }]).maximumPowerKw).toBe('11.00');
  });

  it('is unknown without facilities, without power, with power zero or with words', () => {
    for (const facilities of [
      undefined, null, [], [{}], [{ Power: '0' }], [{ Power: '0.0' }], [{ Power: 'strong' }], [{ Power: '-3' }]
    ]) {
      expect(readChargingPower(facilities).maximumPowerKw).toBeNull();
    }
  });

  it('takes the type from a weaker facility when the strongest has none', () => {
    expect(readChargingPower([{ Power: '3.7', PowerType: 'AC_1_PHASE' }, { Power: '22', PowerType: null }]))
      .toMatchObject(
        { maximumPowerKw: '22', powerType: 'AC_1_PHASE', facilitiesWithoutType: [1], facilitiesWithoutPower: [] }
      );
  });
});
