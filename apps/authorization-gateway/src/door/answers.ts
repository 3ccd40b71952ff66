import { parseSessionId, statusCode, writeOicp, type Identification, type KnownStatusCode } from '@emp/oicp';
import type { DoorAnswer } from './door-operation.ts';

/** What is echoed to HBS: its own session id if it is one, the CPO's if it is short enough (OICP §5). */
export interface Echo {
  readonly sessionId?: string | undefined;
  readonly cpoPartnerSessionId?: string | undefined;
  readonly empPartnerSessionId?: string | undefined;
}

const LONGEST_PARTNER_SESSION_ID = 250;

export interface Yes extends Echo {
  /** Mandatory with a yes. */
  readonly providerId: string;
  /** Of a start: who else may stop. */
  readonly stopIdentifications?: readonly Identification[];
}

/** eRoamingAuthorizationStart and -Stop that say yes (OICP §8.1). */
export function authorized(
  kind: 'AuthorizationStart' | 'AuthorizationStop',
  { providerId, stopIdentifications = [], ...echo }: Yes,
): DoorAnswer {
  const body = writeOicp(kind, {
    ...echoed(echo),
    ProviderID: providerId,
    AuthorizationStatus: 'Authorized',
    StatusCode: statusCode('000'),
    ...(stopIdentifications.length > 0 && { AuthorizationStopIdentifications: stopIdentifications }),
  });
  return { body, outcome: 'Authorized', code: '000' };
}

/** `what` says what was wrong with a message, and where. */
export function notAuthorized(
  kind: 'AuthorizationStart' | 'AuthorizationStop',
  code: KnownStatusCode,
  echo: Echo & { readonly what?: string | undefined } = {},
): DoorAnswer {
  const { what } = echo;
  const outcome = 'NotAuthorized';
  if (what === undefined) return { body: `${echoText(echo)}${refusalTail(kind, code)}`, outcome, code };
  const body = writeOicp(kind, {
    ...echoed(echo),
    AuthorizationStatus: 'NotAuthorized',
    StatusCode: statusCode(code, what),
  });
  return { body, outcome, code };
}

/** eRoamingAcknowledgement (OICP §7.0): code 000 means done, every other one that it was not. */
export function acknowledgement(
  code: KnownStatusCode,
  { what, ...echo }: Echo & { readonly what?: string | undefined } = {},
): DoorAnswer {
  const body = writeOicp('Acknowledgement', {
    Result: code === '000',
    StatusCode: statusCode(code, what),
    ...echoed(echo),
  });
  return { body, outcome: code === '000' ? 'accepted' : 'refused', code };
}

/** Refusals are most of what we say. All but the echo is the same each time: written, and judged, once. */
const tails = new Map<string, string>();

function refusalTail(kind: 'AuthorizationStart' | 'AuthorizationStop', code: KnownStatusCode): string {
  const key = kind + code;
  let tail = tails.get(key);
  if (tail === undefined) {
    const refusal = writeOicp(kind, { AuthorizationStatus: 'NotAuthorized', StatusCode: statusCode(code) });
    tails.set(key, (tail = refusal.slice(1)));
  }
  return tail;
}

/** The beginning of an answer, up to what is the same for all. */
function echoText({ sessionId, cpoPartnerSessionId, empPartnerSessionId }: Echo): string {
  let text = '{';
  // A session id is letters, digits and hyphens: it needs no escapes.
  const session = sessionId === undefined ? undefined : parseSessionId(sessionId);
  if (session?.ok === true) text += `"SessionID":"${session.value}",`;
  const partner = cpoPartnerSessionId?.slice(0, LONGEST_PARTNER_SESSION_ID) ?? '';
  if (partner !== '') text += `"CPOPartnerSessionID":${JSON.stringify(partner)},`;
  if (empPartnerSessionId !== undefined) text += `"EMPPartnerSessionID":${JSON.stringify(empPartnerSessionId)},`;
  return text;
}

function echoed({ sessionId, cpoPartnerSessionId, empPartnerSessionId }: Echo): {
  readonly SessionID?: string;
  readonly CPOPartnerSessionID?: string;
  readonly EMPPartnerSessionID?: string;
} {
  const session = sessionId === undefined ? undefined : parseSessionId(sessionId);
  const partner = cpoPartnerSessionId?.slice(0, LONGEST_PARTNER_SESSION_ID);
  return {
    ...(session?.ok === true && { SessionID: session.value }),
    ...(partner !== undefined && partner !== '' && { CPOPartnerSessionID: partner }),
    ...(empPartnerSessionId !== undefined && { EMPPartnerSessionID: empPartnerSessionId }),
  };
}
