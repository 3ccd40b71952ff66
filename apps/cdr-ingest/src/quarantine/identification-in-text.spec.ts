import { recordContent } from '../domain/record-content.ts';
import { namesIdentification } from './identification-in-text.ts';

const content = recordContent(JSON.stringify({
  SessionID: 'b2688855-7f00-0002-6d8e-000000000001', EvseID: 'DE*SIM*E0001*1',
  Identification: { RFIDIdentification: { UID: '04A2B3C4D5E680', RFID: 'mifareCls', EvcoID: 'DE-EMP-C12345678-X', PrintedNumber: '4711' } },
}));

describe('a text that a person writes', () => {
  it.each(['card 04a2b3c4d5e680', 'UID 04:A2:B3:C4:D5:E6:80', 'the contract DEEMPC12345678X is not ours', 'de*emp*c12345678*x'])(
    'repeats the identification: %s', (text) => {
      expect(namesIdentification(text, content ? [content] : [])).toBe(true);
    },
  );

  it.each(['the driver at DE*SIM*E0001*1', 'session b2688855-7f00-0002-6d8e-000000000001', 'mifareCls cards of 2026-05-01 (4711 of them)'])(
    'does not: %s', (text) => {
      expect(namesIdentification(text, content ? [content] : [])).toBe(false);
    },
  );
});
