import { messageOf } from '@emp/kernel';
import { Decimal } from '@emp/money';
import type { SessionMode } from '../hub/record-store.ts';
import { writeJson } from '../json.ts';
import type { Evse } from '../network/evse.ts';
import { pause } from '../pause.ts';
import type { World } from '../world.ts';
import type { ActiveSession } from './active-sessions.ts';
import { energyAfter, type Car } from './car.ts';
import { identificationJson, type Medium } from './identification.ts';
import { chargeDetailRecord, endNotification, progressNotification, startNotification, type Told } from './messages.ts';
import { layBack, type SessionTimes } from './timing.ts';

/** What was authorized, and how it will be played. */
export interface SessionPlan {
  readonly sessionId: string;
  readonly mode: SessionMode;
  readonly providerId: string;
  readonly empSessionId: string | null;
  readonly evse: Evse;
  readonly medium: Medium;
  readonly car: Car;
  readonly realMs: number;
  readonly speed: number;
  readonly idleShare: number;
  /** Earliest start that the record may tell. */
  readonly notBefore: number;
  readonly stopsByCard: boolean;
}

/** HBS refuses progress notifications closer than this (OICP §2.7). */
const PROGRESS_SPACING_MS = 300_000;
const POWER_WHERE_UNKNOWN = Decimal.of(11);

/** Begins the session: from now on it goes by itself, to its record. */
export function playSession(world: World, plan: SessionPlan): ActiveSession {
  const ended = new AbortController();
  const { network } = world.stations;
  network.occupy(plan.evse, 'Occupied');
  if ('uid' in plan.medium) world.wallet.take(plan.medium.uid);
  const over = play(world, plan, ended.signal)
    .catch((error: unknown) => world.log.error({ sessionId: plan.sessionId, reason: messageOf(error) }, 'session broke off'))
    .finally(() => {
      network.release(plan.evse);
      if ('uid' in plan.medium) world.wallet.giveBack(plan.medium.uid, world.stations.freeSince(plan.evse.key));
    });
  const session: ActiveSession = {
    sessionId: plan.sessionId, providerId: plan.providerId, evse: plan.evse, mode: plan.mode, end: () => ended.abort(), over,
  };
  world.sessions.add(session);
  return session;
}

async function play(world: World, plan: SessionPlan, ended: AbortSignal): Promise<void> {
  const begunAt = world.now().getTime();
  const times = layBack({ ...plan, endMs: begunAt + plan.realMs });
  const told: Told = { ...plan, times, meterStart: world.stations.meter(plan.evse.key) };
  const energyAt = (instant: number): Decimal => energyAfter(plan.car, {
    powerKw: plan.evse.powerKw ?? POWER_WHERE_UNKNOWN, direct: plan.evse.direct,
  }, instant - times.chargingStart);

  await notify(world, plan, () => startNotification(told));
  const inBetween: Decimal[] = [];
  for (const instant of progressInstants(times)) {
    await pause(plan.realMs / 3, ended);
    if (ended.aborted) break;
    inBetween.push(energyAt(instant));
    await notify(world, plan, () => progressNotification(told, { instant, energy: energyAt(instant) }));
  }
  await pause(begunAt + plan.realMs - world.now().getTime(), ended);
  await finish(world, plan, { ...told, times: endedNow(times, world.now().getTime()) }, { energyAt, inBetween });
}

async function finish(
  world: World, plan: SessionPlan, told: Told,
  charged: { readonly energyAt: (instant: number) => Decimal; readonly inBetween: readonly Decimal[] },
): Promise<void> {
  const energy = charged.energyAt(told.times.chargingEnd);
  await notify(world, plan, () => endNotification(told, energy));
  if (plan.stopsByCard && plan.mode === 'online') await stopByCard(world, plan);
  const meterEnd = told.meterStart.plus(energy);
  world.stations.remember(plan.evse.key, { endedAtMs: told.times.sessionEnd, meterEnd });
  await world.desk.receive({
    sessionId: plan.sessionId,
    providerId: plan.providerId,
    operatorId: plan.evse.operatorId,
    evseId: plan.evse.evseId,
    uid: 'uid' in plan.medium ? plan.medium.uid : null,
    mode: plan.mode,
    receivedAt: world.now().toISOString(),
    endedAtMs: told.times.sessionEnd,
    meterEnd: meterEnd.toString(),
    text: writeJson(chargeDetailRecord(told, { energy, inBetween: charged.inBetween })),
  });
}

/** A third and two thirds of the charging time, if those are far enough apart. */
function progressInstants({ chargingStart, chargingEnd }: SessionTimes): readonly number[] {
  const third = Math.floor((chargingEnd - chargingStart) / 3_000) * 1_000;
  return third < PROGRESS_SPACING_MS ? [] : [chargingStart + third, chargingStart + 2 * third];
}

/** The plan's times, or, if the session was ended early, those times cut off now. */
function endedNow(times: SessionTimes, now: number): SessionTimes {
  const sessionEnd = Math.min(times.sessionEnd, Math.max(Math.floor(now / 1_000) * 1_000, times.sessionStart + 1_000));
  return {
    sessionStart: times.sessionStart,
    chargingStart: Math.min(times.chargingStart, sessionEnd),
    chargingEnd: Math.min(times.chargingEnd, sessionEnd),
    sessionEnd,
  };
}

/** Offline providers are told nothing before the record. */
async function notify(world: World, plan: SessionPlan, message: () => Parameters<World['door']['notify']>[0]): Promise<void> {
  if (plan.mode === 'offline' || world.authenticationData.isOffline(plan.providerId)) return;
  world.tally.notifications += 1;
  await world.door.notify(message());
}

async function stopByCard(world: World, plan: SessionPlan): Promise<void> {
  await world.door.authorizeStop(plan.evse.operatorId, {
    SessionID: plan.sessionId,
    CPOPartnerSessionID: `sim-${plan.sessionId}`,
    EMPPartnerSessionID: plan.empSessionId,
    OperatorID: plan.evse.operatorId,
    EvseID: plan.evse.evseId,
    Identification: identificationJson(plan.medium),
  });
}
