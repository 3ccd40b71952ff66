import { STATUS_CODES, readOicp, writeOicp, statusCode, type KnownStatusCode } from '@emp/oicp';
import { notAuthorized } from './answers.ts';

const CODES = (Object.keys(STATUS_CODES) as KnownStatusCode[]).filter((code) => code !== '000');
const SESSION = '5e551000-0000-4000-8000-000000000001';

describe('a refusal that is put together', () => {
  it.each(CODES)('is, with code %s, what the writer would write', (code) => {
    const echo = { sessionId: SESSION, cpoPartnerSessionId: 'a "quoted"\n\u2028 one', empPartnerSessionId: 'mine' };
    expect(notAuthorized('AuthorizationStart', code, echo).body).toBe(
      writeOicp('AuthorizationStart', {
        SessionID: SESSION,
        CPOPartnerSessionID: echo.cpoPartnerSessionId,
        EMPPartnerSessionID: 'mine',
        AuthorizationStatus: 'NotAuthorized',
        StatusCode: statusCode(code),
      }),
    );
  });

  it('echoes no session id that is none, and cuts what is too long', () => {
    const echo = { sessionId: 'x"}', cpoPartnerSessionId: 'é'.repeat(300) };
    const { body } = notAuthorized('AuthorizationStop', '400', echo);
    const read = readOicp('AuthorizationStop', body);
    expect(read.findings).toEqual([]);
    expect(JSON.parse(body)).toMatchObject({ CPOPartnerSessionID: 'é'.repeat(250) });
    expect(body).not.toContain('"SessionID"');
  });
});
