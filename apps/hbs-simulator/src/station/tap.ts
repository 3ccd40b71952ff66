import { newId } from '@emp/kernel';
import { statusCodeJson } from '../hub/status-code.ts';
import { textIn, type Json } from '../json.ts';
import type { Evse } from '../network/evse.ts';
import type { World } from '../world.ts';
import type { ActiveSession } from './active-sessions.ts';
import { codeIn } from './door.ts';
import { identificationJson } from './identification.ts';
import { playSession, type SessionPlan } from './play-session.ts';

export interface Tap {
  readonly uid: string;
  readonly evse: Evse;
  /** How the session is played if it is authorized. */
  readonly play: Pick<SessionPlan, 'car' | 'realMs' | 'speed' | 'idleShare' | 'notBefore' | 'stopsByCard'>;
}

export interface TapOutcome {
  /** eRoamingAuthorizationStart as the operator gets it. */
  readonly answer: Json;
  readonly code: string;
  /** `null` if no EMP was asked or none answered. */
  readonly providerId: string | null;
  readonly decidedBy: 'hbs' | 'emp' | 'nobody';
  readonly session: ActiveSession | undefined;
}

/** A card at a station, and what HBS does then (OICP §6.1): pushed cards first, then the online EMP. */
export async function tapCard(world: World, tap: Tap): Promise<TapOutcome> {
  world.tally.taps += 1;
  const uid = tap.uid.toUpperCase();
  const sessionId = newId();
  const offline = world.authenticationData.providerOf(uid);
  if (offline !== undefined) {
    const session = playSession(world, { ...tap.play, evse: tap.evse, medium: { uid }, sessionId, mode: 'offline', providerId: offline, empSessionId: null });
    return outcome(world, { sessionId, providerId: offline, code: '000', decidedBy: 'hbs', session });
  }

  const answer = await world.door.authorizeStart(tap.evse.operatorId, {
    SessionID: sessionId,
    CPOPartnerSessionID: `sim-${sessionId}`,
    EMPPartnerSessionID: null,
    OperatorID: tap.evse.operatorId,
    EvseID: tap.evse.evseId,
    Identification: identificationJson({ uid }),
    PartnerProductID: null,
  });
  if (answer === undefined) {
    world.tally.unanswered += 1;
    return outcome(world, { sessionId, providerId: null, code: '106', decidedBy: 'nobody', session: undefined });
  }
  const providerId = textIn(answer.body, 'ProviderID') ?? null;
  const code = codeIn(answer) ?? '106';
  if (answer.body['AuthorizationStatus'] !== 'Authorized' || providerId === null) {
    return outcome(world, { sessionId, providerId: null, code, decidedBy: 'emp', session: undefined });
  }
  const empSessionId = textIn(answer.body, 'EMPPartnerSessionID') ?? null;
  const session = playSession(world, { ...tap.play, evse: tap.evse, medium: { uid }, sessionId, mode: 'online', providerId, empSessionId });
  return outcome(world, { sessionId, providerId, code, decidedBy: 'emp', session });
}

function outcome(
  world: World,
  of: Pick<TapOutcome, 'providerId' | 'code' | 'decidedBy' | 'session'> & { readonly sessionId: string },
): TapOutcome {
  world.tally.answered(of.code);
  const authorized = of.session !== undefined;
  world.log.debug({ sessionId: of.sessionId, code: of.code, decidedBy: of.decidedBy }, 'card tapped');
  return {
    ...of,
    answer: {
      // HBS drops the session of a refusal (OICP §5).
      SessionID: authorized ? of.sessionId : null,
      CPOPartnerSessionID: `sim-${of.sessionId}`,
      EMPPartnerSessionID: null,
      ProviderID: authorized ? of.providerId : null,
      AuthorizationStatus: authorized ? 'Authorized' : 'NotAuthorized',
      StatusCode: statusCodeJson({ code: of.code }),
      AuthorizationStopIdentifications: null,
    },
  };
}
