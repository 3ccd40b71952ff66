import type { EmpEvent } from '@emp/events';
import { DEFAULT_LIMITS } from '../src/domain/check-context.ts';
import { zoneOffsetMinutes } from '../src/domain/zone-offset.ts';
import { byCard, cdr, received } from './builders.ts';
import { Desk } from './desk.ts';
import { evseRecorded } from './network.ts';
import {
  HAND_MADE_EVSES, HAND_MADE_SESSIONS, realDataIsThere, realEvses, realSessions, type DirectCurrentEvse, type LoggedSession,
} from './real-sessions.ts';

const ZONE = 'Europe/Zurich';
const BATCH = 200;

let desk: Desk;
beforeAll(async () => { desk = await Desk.open(DEFAULT_LIMITS); });
beforeEach(() => desk.clear());
afterAll(() => desk.close());

interface Placed extends LoggedSession {
  readonly evse: DirectCurrentEvse;
  readonly start: number;
  readonly end: number;
}

/** The instant of a clock face in Switzerland. */
function instantOf(local: string): number {
  const asUtc = Date.parse(`${local}Z`);
  return asUtc - (zoneOffsetMinutes(ZONE, asUtc - 3_600_000) ?? 0) * 60_000;
}

/** Each connector stands at EVSEs of its own, day by day another one: sessions meet only where they met. */
function place(sessions: readonly LoggedSession[], evses: readonly DirectCurrentEvse[]): readonly Placed[] {
  return sessions.map((session) => {
    const day = Math.floor(Date.parse(`${session.arrival}Z`) / 86_400_000);
    const connector = session.connector === 'CCS1' ? 0 : 1;
    const evse = evses[(2 * day + connector) % evses.length] ?? { evseId: '', powerKw: '0' };
    return { ...session, evse, start: instantOf(session.arrival), end: instantOf(session.departure) };
  }).sort((one, other) => one.start - other.start);
}

function text(millis: number): string {
  const offset = zoneOffsetMinutes(ZONE, millis) ?? 0;
  return `${new Date(millis + offset * 60_000).toISOString().slice(0, 19)}+0${offset / 60}:00`;
}

function recordOf({ evse, start, end, energyWh }: Placed, number: number): EmpEvent {
  const [from, to, energy] = [text(start), text(end), energyWh / 1000];
  return received(cdr(number, {
    EvseID: evse.evseId, SessionStart: from, ChargingStart: from, ChargingEnd: to, SessionEnd: to,
    ConsumedEnergy: energy, MeterValueStart: 1000, MeterValueEnd: Number((1000 + energy).toFixed(3)),
    ...byCard(`04${number.toString(16).toUpperCase().padStart(12, '0')}`),
  }), { receivedAt: new Date(end + 300_000).toISOString() });
}

/** What each finding means, counted by hand over the log itself, with numbers instead of decimals. */
function deserved(placed: readonly Placed[]): Readonly<Record<string, number>> {
  const earlier = (at: number) => placed.slice(0, at);
  const count = (has: (session: Placed, at: number) => boolean): number => placed.filter(has).length;
  return {
    // More than the EVSE's power, ten per cent and a minute of rounding allow: the log's station was stronger than this EVSE.
    'energy-exceeds-power': count(({ energyWh, evse, start, end }) =>
      energyWh / 1000 > (Number(evse.powerKw) * 1.1 * ((end - start) / 1000 + 60)) / 3600 + 0.0005),
    // The log has the next car at the same connector before the one before has left.
    'overlap-evse': count((session, at) => earlier(at).some((other) =>
      other.evse === session.evse && Math.min(session.end, other.end) - Math.max(session.start, other.start) > 60_000)),
    'energy-zero': count(({ energyWh }) => energyWh === 0),
    // Some of the feed's EVSE ids are in mixed case, which no record ought to be.
    'evse-id-case': count(({ evse: { evseId } }) => evseId !== evseId.toUpperCase()),
  };
}

async function through(sessions: readonly LoggedSession[], evses: readonly DirectCurrentEvse[]) {
  for (let at = 0; at < evses.length; at += BATCH) {
    await desk.network(...evses.slice(at, at + BATCH).map(({ evseId, powerKw }) =>
      evseRecorded({ evseId, maximumPowerKw: powerKw, country: 'CH', timeZone: ZONE })));
  }
  const placed = place(sessions, evses);
  const events = placed.map(recordOf);
  for (let at = 0; at < events.length; at += BATCH) await desk.receive(...events.slice(at, at + BATCH));
  const found = await desk.database.query<{ code: string; count: number }>(
    `SELECT finding ->> 'code' AS code, count(*)::int AS count FROM cdr, jsonb_array_elements(findings) AS finding GROUP BY 1`,
  );
  const states = await desk.database.query<{ state: string; count: number }>('SELECT state, count(*)::int AS count FROM cdr GROUP BY 1');
  return {
    found: Object.fromEntries(found.map(({ code, count }) => [code, count])),
    states: Object.fromEntries(states.map(({ state, count }) => [state, count])),
    expected: Object.fromEntries(Object.entries(deserved(placed)).filter(([, count]) => count > 0)),
  };
}

describe('sessions of a real station', () => {
  it('made by hand, get the findings they deserve', async () => {
    const { found, states, expected } = await through(HAND_MADE_SESSIONS, HAND_MADE_EVSES);
    expect(expected).toEqual({ 'energy-exceeds-power': 1, 'overlap-evse': 1, 'energy-zero': 1 });
    expect(found).toEqual(expected);
    expect(states).toEqual({ accepted: 5, quarantined: 1 });
  });

  if (realDataIsThere) it('1 878 of them on DC EVSEs of the national feed get the findings they deserve, and no other', async () => {
    const sessions = realSessions();
    const { found, states, expected } = await through(sessions, realEvses());
    expect(sessions).toHaveLength(1878);
    expect(found).toEqual(expected);
    const quarantined = expected['energy-exceeds-power'] ?? 0;
    expect(quarantined).toBeGreaterThan(0);
    expect(states).toEqual({ accepted: 1878 - quarantined, quarantined });
  }, 120_000);
});
