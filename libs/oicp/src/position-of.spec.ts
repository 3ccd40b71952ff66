import { positionOf } from './position-of.ts';

describe('positionOf', () => {
  it.each([
    ['47.662249 9.360922', '47.662249', '9.360922'], ['47.662249,9.360922', '47.662249', '9.360922'],
    ['-33.86, 151.2012345678', '-33.86', '151.2012345678'], ['52 13', '52', '13'],
  ])('reads Google coordinates %j', (Coordinates, latitude, longitude) => {
    expect(positionOf({ Google: { Coordinates } })).toEqual({ latitude, longitude });
  });

  it('reads degrees, minutes and seconds', () => {
    expect(positionOf({ DegreeMinuteSeconds: { Latitude: "-21°34'23.16''", Longitude: "9° 21' 39.32''" } }))
      .toEqual({ latitude: '-21.5731000', longitude: '9.3609222' });
  });

  it('takes the first notation that is readable', () => {
    expect(positionOf({ Google: { Coordinates: 'here' }, DecimalDegree: { Latitude: ' 52.1', Longitude: '13.2' } }))
      .toEqual({ latitude: '52.1', longitude: '13.2' });
  });

  it('finds nothing in nothing', () => {
    expect([positionOf(undefined), positionOf({}), positionOf({ DecimalDegree: { Latitude: 'x', Longitude: '1.0' } })])
      .toEqual([undefined, undefined, undefined]);
  });
});
