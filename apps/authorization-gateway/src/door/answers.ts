import { parseSessionId, statusCode, writeOicp, type KnownStatusCode } from '@emp/oicp';
import type { DoorAnswer } from './door-operation.ts';

/** What is echoed to HBS: its own session id if it is one, the CPO's if it is short enough (OICP §5). */
export interface Echo {
  readonly sessionId?: string | undefined;
  readonly cpoPartnerSessionId?: string | undefined;
  readonly empPartnerSessionId?: string | undefined;
}

const LONGEST_PARTNER_SESSION_ID = 250;

/** eRoamingAuthorizationStart and -Stop that say yes (OICP §8.1): `providerId` is mandatory then. */
export function authorized(
  kind: 'AuthorizationStart' | 'AuthorizationStop',
  { providerId, ...echo }: Echo & { readonly providerId: string },
): DoorAnswer {
  const body = writeOicp(kind, {
    ...echoed(echo),
    ProviderID: providerId,
    AuthorizationStatus: 'Authorized',
    StatusCode: statusCode('000'),
  });
  return { body, outcome: 'Authorized', code: '000' };
}

export function notAuthorized(
  kind: 'AuthorizationStart' | 'AuthorizationStop',
  code: KnownStatusCode,
  echo: Echo = {},
): DoorAnswer {
  const body = writeOicp(kind, {
    ...echoed(echo),
    AuthorizationStatus: 'NotAuthorized',
    StatusCode: statusCode(code),
  });
  return { body, outcome: 'NotAuthorized', code };
}

/** eRoamingAcknowledgement (OICP §7.0): code 000 means done, every other one that it was not. */
export function acknowledgement(code: KnownStatusCode, echo: Echo = {}): DoorAnswer {
  const body = writeOicp('Acknowledgement', {
    Result: code === '000',
    StatusCode: statusCode(code),
    ...echoed(echo),
  });
  return { body, outcome: code === '000' ? 'accepted' : 'refused', code };
}

function echoed({ sessionId, cpoPartnerSessionId, empPartnerSessionId }: Echo): {
  readonly SessionID?: string;
  readonly CPOPartnerSessionID?: string;
  readonly EMPPartnerSessionID?: string;
} {
  const partner = cpoPartnerSessionId?.slice(0, LONGEST_PARTNER_SESSION_ID);
  return {
    ...(sessionId !== undefined && parseSessionId(sessionId).ok && { SessionID: sessionId }),
    ...(partner !== undefined && partner !== '' && { CPOPartnerSessionID: partner }),
    ...(empPartnerSessionId !== undefined && { EMPPartnerSessionID: empPartnerSessionId }),
  };
}
