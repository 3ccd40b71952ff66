import { AuthenticationData, type AuthenticationRecord, type PushAction } from './authentication-data.ts';

const card = (UID: string): AuthenticationRecord => ({ Identification: { RFIDMifareFamilyIdentification: { UID } } });
const printed = (UID: string, EvcoID: string): AuthenticationRecord => ({ Identification: { RFIDIdentification: { UID, EvcoID, RFID: 'nfc' } } });

function pushed(...pushes: readonly (readonly [PushAction, ...AuthenticationRecord[]])[]): { data: AuthenticationData; codes: string[] } {
  const data = new AuthenticationData();
  const codes = pushes.map(([action, ...records]) => {
    const { code } = data.judge('DE-OFL', action, records);
    if (code === '000') data.apply('DE-OFL', action, records);
    return code;
  });
  return { data, codes };
}

describe('pushed authentication data', () => {
  it('is replaced as a whole by a full load; an empty one deletes all', () => {
    const { data } = pushed(['fullLoad', card('04A1'), card('04A2')], ['fullLoad', card('04A3')]);
    expect([data.providerOf('04A1'), data.providerOf('04A3')]).toEqual([undefined, 'DE-OFL']);
    const emptied = pushed(['fullLoad', card('04A1')], ['fullLoad']);
    expect(emptied.data.providerOf('04A1')).toBeUndefined();
  });

  it('aborts an insert of which one exists, and an update of which one is missing, as a whole', () => {
    const { data, codes } = pushed(['insert', card('04A1')], ['insert', card('04A2'), card('04A1')], ['update', card('04A1'), card('04A9')]);
    expect(codes).toEqual(['000', '009', '009']);
    expect(data.counts()).toEqual({ 'DE-OFL': 1 });
  });

  it('aborts an insert that names a card twice', () => {
    expect(pushed(['insert', card('04A1'), card('04A1')]).codes).toEqual(['009']);
  });

  it('deletes what is there and minds nothing else', () => {
    const { data, codes } = pushed(['fullLoad', card('04A1')], ['delete', card('04A1'), card('04A9')]);
    expect([codes, data.counts()]).toEqual([['000', '000'], { 'DE-OFL': 0 }]);
  });

  it('refuses a contract of another provider, however it is spelled', () => {
    expect(pushed(['fullLoad', printed('04A1', 'DE*OFL*000001*X')]).codes).toEqual(['000']);
    expect(pushed(['fullLoad', printed('04A1', 'DE-EMP-C00000001-X')]).codes).toEqual(['019']);
  });

  it('keeps providers apart: a full load of one leaves the other alone', () => {
    const { data } = pushed(['fullLoad', card('04A1')]);
    data.apply('DE-TWO', 'fullLoad', [card('04B1')]);
    expect([data.providerOf('04A1'), data.providerOf('04B1'), data.isOffline('DE-EMP')]).toEqual(['DE-OFL', 'DE-TWO', false]);
  });
});
