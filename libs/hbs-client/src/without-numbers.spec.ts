import { withoutNumbers } from './without-numbers.ts';

describe('what HBS says, fit for a log', () => {
  it.each([
    ['record DE-OFL-C00000001-X is foreign', 'record <contract id> is foreign'],
    ['DE*OFL*000001*X, DEOFLC00000001', '<contract id>, <contract id>'],
    ['uid 04a2b3c4d5e680 exists', 'uid <card number> exists'],
    ['UID=04A2B3C4;', 'UID=<card number>;'],
    ['DE-EMP-CABCDEFGH-X is locked', '<contract id> is locked'],
  ])('names neither card nor contract: %s', (text, expected) => {
    expect(withoutNumbers(text)).toBe(expected);
  });

  it.each([
    'session b2688855-7f00-0002-6d8e-48d883f6abb6 is CLOSED',
    'EVSE DE*ABC*E1234*1 is unknown',
    "HTTP 403 that is not from HBS itself: is this machine's address white-listed? (OICP §2.4)",
    'HTTP 404 with a body that is not OICP (application/json;charset=ISO-8859-1)',
    'The push of data is already in progress',
    'providerAuthenticationData.authenticationDataRecord[12].identification: may not be null',
  ])('keeps what helps: %s', (text) => {
    expect(withoutNumbers(text)).toBe(text);
  });
});
