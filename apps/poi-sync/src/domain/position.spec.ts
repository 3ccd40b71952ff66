import { readPosition } from './position.ts';

const read = (latitude: string, longitude: string, pointer: string) =>
  ({ kind: 'read', position: { latitude, longitude }, pointer });

describe('the position of a record', () => {
  it('is read from decimal degrees with every digit that was sent', () => {
    expect(readPosition({ DecimalDegree: { Latitude: '52.520008000', Longitude: '-13.404954123456789' } }))
      .toEqual(read('52.520008000', '-13.404954123456789', '/DecimalDegree'));
  });

  it('is read from the Google text, bare or wrapped, with a blank or a comma', () => {
    expect(readPosition({ Google: '46.23432 6.055602' })).toEqual(read('46.23432', '6.055602', '/Google'));
    expect(readPosition({ Google: { Coordinates: '46.23432, 6.055602' } }))
      .toEqual(read('46.23432', '6.055602', '/Google/Coordinates'));
    expect(readPosition({ Google: '-8.783195 -124.508523' })).toEqual(read('-8.783195', '-124.508523', '/Google'));
  });

  it('is converted from degrees, minutes and seconds to seven places', () => {
    const read52 = readPosition({ DegreeMinuteSeconds: { Latitude: "52°31'12.03''", Longitude: "13° 24' 17.8''" } });
    expect(read52).toEqual(read('52.5200083', '13.4049444', '/DegreeMinuteSeconds'));
    expect(readPosition({ DegreeMinuteSeconds: { Latitude: '8°46\'59.5"S', Longitude: '124°30′30.68″W' } }))
      .toEqual(read('-8.7831944', '-124.5085222', '/DegreeMinuteSeconds'));
    expect(readPosition({ DegreeMinuteSeconds: { Latitude: "-0°30'00.0''", Longitude: "5°05'05.5''" } }))
      .toEqual(read('-0.5000000', '5.0848611', '/DegreeMinuteSeconds'));
  });

  it('comes from the format that is filled when the others are empty', () => {
    expect(
      readPosition({ DecimalDegree: { Latitude: '', Longitude: null }, Google: '46.2 6.0', DegreeMinuteSeconds: null })
    )
      .toEqual(read('46.2', '6.0', '/Google'));
  });

  it.each([null, undefined, {}, { Google: 'None None' }, { Google: null }, { Google: { Coordinates: ' ' } }])(
    'is missing in %j', (coordinates) => expect(readPosition(coordinates)).toEqual({ kind: 'missing' }));

  it.each(['somewhere', '46.2', '46.2 6.0 7.0', '46.2 999.0', '1e1 5', '46,2 6,0'])('is unreadable in "%s"', (text) =>
    expect(readPosition({ Google: text })).toEqual({ kind: 'unreadable', text, pointer: '/Google' }));
});
