import { differencesBetween } from './case-differences.ts';
import { recordContent } from './record-content.ts';

function content(value: unknown) {
  const read = recordContent(JSON.stringify(value));
  if (!read) throw new Error('no JSON');
  return read;
}

describe('the differences between two versions', () => {
  it('are shown member by member, old and new', () => {
    const older = content({ ConsumedEnergy: 11, EvseID: 'DE*SIM*E1', MeterValueInBetween: { meterValues: [1, 2] } });
    const newer = content({ ConsumedEnergy: '9.50', EvseID: 'DE*SIM*E1', MeterValueInBetween: { meterValues: [1, 3] }, HubOperatorId: 'DE*HUB' });
    expect(differencesBetween(older, newer)).toEqual([
      { pointer: '/ConsumedEnergy', old: '11', new: '9.5', hidden: false },
      { pointer: '/HubOperatorID', old: null, new: 'DE*HUB', hidden: false },
      { pointer: '/MeterValueInBetween/1', old: '2', new: '3', hidden: false },
    ]);
  });

  it.each([
    ['/Identification/RFIDMifareFamilyIdentification/UID', { Identification: { RFIDMifareFamilyIdentification: { UID: '04A2B3C4D5E680' } } }],
    ['/Identification/QRCodeIdentification/PIN', { Identification: { QRCodeIdentification: { PIN: '1234' } } }],
    ['/SignedMeteringValues/0/SignedMeteringValue', { SignedMeteringValues: [{ SignedMeteringValue: 'OCMF|{"ID":"04A2B3C4D5E680"}' }] }],
    ['/CPOPartnerSessionID', { CPOPartnerSessionID: 'session of 04A2B3C4D5E680' }], ['/anything', { anything: '04A2B3C4D5E680' }],
  ])('never show what may name a card or contract: %s', (pointer, value) => {
    const [difference, ...others] = differencesBetween(content({}), content(value));
    expect(others).toEqual([]);
    expect(difference).toMatchObject({ pointer, old: null, hidden: true, new: expect.stringMatching(/^\(\d+ characters\)$/) });
  });
});
