import { newId } from '@emp/kernel';
import { operatorKey, operatorPrefixOf } from '@emp/oicp';
import { isObject, textIn, writeJson } from '../json.ts';
import { randomCar } from '../station/car.ts';
import { playSession } from '../station/play-session.ts';
import type { Evse } from '../network/evse.ts';
import { missing, type HubCall, type HubOperation, type HubReply } from './hub-call.ts';
import { answerOfOperator, refusalOfOperator } from '../faults/remote-faults.ts';
import { acknowledgementJson, statusCodeJson, type Answer } from './status-code.ts';

/** AuthorizeRemoteStart (OICP §7.1): the checks of HBS in their order, then the station plays the session. */
export const authorizeRemoteStart: HubOperation = async (call) => {
  const { world, body, providerId } = call;
  const evcoId = remoteEvcoId(body);
  if (evcoId === undefined) return missing('identification.remoteIdentification.evcoID');
  const checked = checkEvse(call);
  const empSessionId = textIn(body, 'EMPPartnerSessionID') ?? null;
  if ('code' in checked) return refusal(checked, empSessionId);
  const refused = refusalOfOperator(world);
  if (refused !== undefined) return refusal(refused, empSessionId);
  await endOwnReservation(call, checked.evse, evcoId);
  if (world.stations.network.isTaken(checked.evse)) return refusal({ code: '602' }, empSessionId);
  const sessionId = newId();
  playSession(world, {
    sessionId, providerId,
    empSessionId: world.random.chance(world.faults.forgottenPartnerSession) ? null : empSessionId,
    mode: 'remote',
    evse: checked.evse,
    medium: { evcoId },
    car: randomCar(world.random),
    realMs: world.config.SESSION_SECONDS * 1_000,
    speed: world.config.SPEED,
    idleShare: 0.05,
    notBefore: world.stations.freeSince(checked.evse.key),
    stopsByCard: false,
  });
  return answerOfOperator(world, { text: writeJson(acknowledgementJson({ code: '000' }, sessionId, empSessionId)) });
};

/** Whoever reserved may charge: the reservation ends with its record, and the start finds the EVSE free. */
async function endOwnReservation({ world, providerId }: HubCall, evse: Evse, evcoId: string): Promise<void> {
  const reserved = world.sessions.at(evse.key);
  if (reserved?.mode !== 'reservation' || reserved.providerId !== providerId || reserved.evcoId !== evcoId) return;
  reserved.end();
  await reserved.over;
}

/** AuthorizeRemoteStop and ReservationStop (OICP §7.2, §7.4): a session that is over, or another's, is refused with 400. */
export const stopSession: HubOperation = ({ world, body, providerId }) => {
  const sessionId = textIn(body, 'SessionID');
  if (sessionId === undefined) return missing('sessionID');
  const session = world.sessions.get(sessionId);
  if (session === undefined || session.providerId !== providerId) {
    return { httpStatus: 400, text: writeJson({ StatusCode: statusCodeJson({ code: '400' }) }) };
  }
  session.end();
  const empSessionId = textIn(body, 'EMPPartnerSessionID') ?? null;
  return answerOfOperator(world, { text: writeJson(acknowledgementJson({ code: '000' }, sessionId, empSessionId)) });
};

export function remoteEvcoId(body: HubCall['body']): string | undefined {
  const identification = body['Identification'];
  const remote = isObject(identification) ? identification['RemoteIdentification'] : undefined;
  return isObject(remote) ? textIn(remote, 'EvcoID') : undefined;
}

/** Operator known (300), EVSE known (603), compatible (604). */
export function checkEvse({ world, body }: HubCall): { readonly evse: Evse } | Answer {
  const evseId = textIn(body, 'EvseID') ?? '';
  const evse = world.stations.network.evse(evseId);
  if (evse === undefined) {
    const prefix = operatorKey(operatorPrefixOf(evseId) ?? '');
    const known = world.stations.network.groups.some((group) => operatorKey(group.operatorId) === prefix);
    return { code: known ? '603' : '300' };
  }
  return evse.hubjectCompatible ? { evse } : { code: '604' };
}

export const refusal = (answer: Answer, empSessionId: string | null): HubReply =>
  ({ text: writeJson(acknowledgementJson(answer, null, empSessionId)) });
