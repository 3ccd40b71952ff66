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
    const { data } = pushed(['fullLoad', card('04A10000'), card('04A20000')], ['fullLoad', card('04A30000')]);
    expect([data.providerOf('04A10000'), data.providerOf('04A30000')]).toEqual([undefined, 'DE-OFL']);
    const emptied = pushed(['fullLoad', card('04A10000')], ['fullLoad']);
    expect(emptied.data.providerOf('04A10000')).toBeUndefined();
  });

  it('aborts an insert of which one exists, and an update of which one is missing, as a whole', () => {
    const { data, codes } = pushed(['insert', card('04A10000')], ['insert', card('04A20000'), card('04A10000')], ['update', card('04A10000'), card('04A90000')]);
    expect(codes).toEqual(['000', '009', '009']);
    expect(data.counts()).toEqual({ 'DE-OFL': 1 });
  });

  it('aborts an insert that names a card twice', () => {
    expect(pushed(['insert', card('04A10000'), card('04A10000')]).codes).toEqual(['009']);
  });

  it('deletes what is there and minds nothing else', () => {
    const { data, codes } = pushed(['fullLoad', card('04A10000')], ['delete', card('04A10000'), card('04A90000')]);
    expect([codes, data.counts()]).toEqual([['000', '000'], { 'DE-OFL': 0 }]);
  });

  it('refuses a contract of another provider, however it is spelled', () => {
    expect(pushed(['fullLoad', printed('04A10000', 'DE*OFL*000001*X')]).codes).toEqual(['000']);
    expect(pushed(['fullLoad', printed('04A10000', 'DE-EMP-C00000001-X')]).codes).toEqual(['019']);
  });

  it('takes the contracts of providers behind a hub from the hub, and from nobody else', () => {
    const data = new AuthenticationData(new Map([['DESUB', 'DEHUB']]));
    const remote = [{ Identification: { RemoteIdentification: { EvcoID: 'DE-SUB-C00000001-X' } } }];
    expect(['DE-HUB', 'DE*HUB', 'DE-SUB', 'DE-EMP'].map((id) => data.judge(id, 'fullLoad', remote).code)).toEqual(['000', '000', '000', '019']);
  });

  it.each([
    ['a UID that is none', { RFIDMifareFamilyIdentification: { UID: '04A' } }],
    ['an EvcoID that is none', { RemoteIdentification: { EvcoID: 'nobody' } }],
    ['a QR code without PIN', { QRCodeIdentification: { EvcoID: 'DE-OFL-C00000001-X' } }],
    ['a PIN and its hash', { QRCodeIdentification: { EvcoID: 'DE-OFL-C00000001-X', PIN: '1234', HashedPIN: { Value: 'x', Function: 'Bcrypt' } } }],
    ['a hash of another function', { QRCodeIdentification: { EvcoID: 'DE-OFL-C00000001-X', HashedPIN: { Value: 'x'.repeat(40), Function: 'SHA-1' } } }],
    ['no identification', {}],
  ])('refuses %s as a whole', (_what, Identification) => {
    const { codes, data } = pushed(['insert', card('04A10000'), { Identification }]);
    expect([codes, data.counts()]).toEqual([['022'], {}]);
  });

  it('refuses what it is told to refuse', () => {
    expect(new AuthenticationData().judge('DE-OFL', 'insert', [card('04A10000'), card('04A20000')], ['04a20000']))
      .toMatchObject({ code: '022', info: expect.stringContaining('record 1') });
  });

  it('keeps providers apart: a full load of one leaves the other alone', () => {
    const { data } = pushed(['fullLoad', card('04A10000')]);
    data.apply('DE-TWO', 'fullLoad', [card('04B10000')]);
    expect([data.providerOf('04A10000'), data.providerOf('04B10000'), data.isOffline('DE-EMP')]).toEqual(['DE-OFL', 'DE-TWO', false]);
  });
});
