import { recogniseId } from './recognise-id.ts';
import { whyNoId } from './why-no-id.ts';

const kinds = (text: string): string[] => recogniseId(text).map(({ kind }) => kind);

describe('recognising an id', () => {
  it.each([
    ['DE*AB7*E840*6487', 'EvseID', 'DEAB7E8406487'],
    ['+49*810*000*438', 'EvseID', '49*810*000*438'],
    ['DE-8EO-CAet5e4XY-3', 'EvcoID', 'DE8EOCAET5E4XY'],
    ['DE*8EO*Aet5e4*3', 'EvcoID', 'DE8EOAET5E4'],
    ['044A2DAA856280', 'UID', '044A2DAA856280'],
    ['b2688855-7f00-0002-6d8e-48d883f6abb6', 'SessionID', 'b2688855-7f00-0002-6d8e-48d883f6abb6'],
    ['DE*ABC', 'OperatorID', 'DEABC'],
    ['+49*536', 'OperatorID', '49*536'],
    ['DE-EMP', 'ProviderID', 'DEEMP'],
  ])('takes %s for an %s', (text, kind, key) => {
    expect(recogniseId(text)[0]).toMatchObject({ kind, key, conformant: true });
  });

  it('names every grammar a text fits, because nobody else can tell which was meant', () => {
    expect(kinds('DEABC')).toEqual(['OperatorID', 'ProviderID']);
    expect(kinds('DEADBEEF012345')).toEqual(['UID', 'EvseID', 'EvcoID']);
  });

  it('computes the check character and says whether it fits', () => {
    expect(recogniseId('DE-83D-UIEN83QGZ-D')[0]?.checkCharacter).toEqual({ expected: 'D', written: 'D', fits: true });
    expect(recogniseId('DE-83D-UIEN83QGZ-E')[0]?.checkCharacter).toEqual({ expected: 'D', written: 'E', fits: false });
    expect(recogniseId('DE83DUIEN83QGZ')[0]?.checkCharacter).toEqual({ expected: 'D', written: null, fits: null });
    expect(recogniseId('IN*TNM*000110*X')[0]?.checkCharacter).toEqual({ expected: 'X', written: 'X', fits: true });
  });

  it('shows the DIN form an ISO id was made from', () => {
    expect(recogniseId('NL-TNM-C00122045-K')[0]?.facts).toMatchObject({ 'made from the DIN form': 'NL-TNM-012204-5' });
  });

  it('gives a card’s UID in the other byte order, too', () => {
    expect(recogniseId('044A2DAA856280')[0]?.facts['reversed']).toMatch(/^806285AA2D4A04 /);
  });

  it('suspects a reversed reader when the manufacturer byte stands last', () => {
    expect(recogniseId('806285AA2D4A04')[0]?.odd.join()).toMatch(/byte order is probably reversed/);
    expect(recogniseId('044A2DAA856280')[0]?.odd).toEqual([]);
  });

  it('understands spellings that OICP refuses, and says so', () => {
    expect(recogniseId('04:4a:2d:aa:85:62:80')[0]).toMatchObject({
      kind: 'UID',
      key: '044A2DAA856280',
      conformant: false,
    });
    expect(recogniseId('CH*GFT*E*Alexandra*1')[0]).toMatchObject({ kind: 'EvseID', conformant: false });
    expect(recogniseId('de-8eo-c12345678-3')[0]).toMatchObject({ kind: 'EvcoID', conformant: false });
  });

  it('does not call a random UID a card', () => {
    expect(recogniseId('08A1B2C3')[0]?.odd.join()).toMatch(/random/);
  });

  it.each([
    ['DE|8EO|Aet5e4|3', /separates nothing/],
    ['12345ABCD', /9 digits/],
    ['AFFH1768', /beyond F/],
    ['DE*AB7*840*6487', /lacks the E/],
    ['DE*AB7*P840', /ChargingPoolID/],
    ['*', /all providers/],
  ])('says why %s is none', (text, hint) => {
    expect(recogniseId(text)).toEqual([]);
    expect(whyNoId(text).join()).toMatch(hint);
  });
});
