import { newId } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { textIn, writeJson } from '../json.ts';
import type { Evse } from '../network/evse.ts';
import { pause } from '../pause.ts';
import { chargeDetailRecord } from '../station/messages.ts';
import { answerOfOperator, refusalOfOperator } from '../faults/remote-faults.ts';
import type { World } from '../world.ts';
import { missing, type HubOperation } from './hub-call.ts';
import { checkEvse, refusal, remoteEvcoId } from './remote-charging.ts';
import { acknowledgementJson } from './status-code.ts';

interface Reservation {
  readonly sessionId: string;
  readonly empSessionId: string | null;
  readonly providerId: string;
  readonly evse: Evse;
  readonly evcoId: string;
  /** Minutes, 1 to 99. */
  readonly minutes: number;
}

/** AuthorizeRemoteReservationStart (OICP §7.3). It ends by its stop or its duration, and its record tells of 0 kWh. */
export const reservationStart: HubOperation = (call) => {
  const { world, body, providerId } = call;
  const evcoId = remoteEvcoId(body);
  if (evcoId === undefined) return missing('identification.remoteIdentification.evcoID');
  const empSessionId = textIn(body, 'EMPPartnerSessionID') ?? null;
  const checked = checkEvse(call);
  if ('code' in checked) return refusal(checked, empSessionId);
  const refused = refusalOfOperator(world);
  if (refused !== undefined) return refusal(refused, empSessionId);
  if (world.stations.network.isTaken(checked.evse)) return refusal({ code: '601' }, empSessionId);
  const minutes = typeof body['Duration'] === 'number' ? Math.min(Math.max(body['Duration'], 1), 99) : 15;
  const reservation = { sessionId: newId(), empSessionId, providerId, evse: checked.evse, evcoId, minutes };
  hold(world, reservation);
  const text = writeJson(acknowledgementJson({ code: '000' }, reservation.sessionId, empSessionId));
  return answerOfOperator(world, { text });
};

function hold(world: World, reservation: Reservation): void {
  const ended = new AbortController();
  const { network } = world.stations;
  network.occupy(reservation.evse, 'Reserved');
  const over = holdUntilOver(world, reservation, ended.signal).finally(() => network.release(reservation.evse));
  const { sessionId, providerId, evse, evcoId } = reservation;
  world.sessions.add({ sessionId, providerId, evse, evcoId, mode: 'reservation', end: () => ended.abort(), over });
}

async function holdUntilOver(world: World, reservation: Reservation, ended: AbortSignal): Promise<void> {
  const begunAt = Math.floor(world.now().getTime() / 1_000) * 1_000;
  await pause((reservation.minutes * 60_000) / world.config.SPEED, ended);
  const now = Math.max(begunAt, Math.floor(world.now().getTime() / 1_000) * 1_000);
  const meter = world.stations.meter(reservation.evse.key);
  const { sessionId, empSessionId, evse, evcoId, providerId } = reservation;
  const told = {
    sessionId, empSessionId, evse,
    medium: { evcoId },
    times: { sessionStart: begunAt, chargingStart: begunAt, chargingEnd: now, sessionEnd: now },
    meterStart: meter,
  };
  await world.desk.receive({
    sessionId, providerId,
    operatorId: evse.operatorId,
    evseId: evse.evseId,
    uid: null,
    mode: 'remote',
    receivedAt: world.now().toISOString(),
    endedAtMs: now,
    meterEnd: meter.toString(),
    text: writeJson(chargeDetailRecord(told, { energy: Decimal.parse('0.000'), inBetween: [] })),
  });
}
