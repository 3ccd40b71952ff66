import { localDateTime } from './local-time.ts';
import { layBack, longestRealMs } from './timing.ts';

const now = Date.parse('2026-05-01T10:00:00.700Z');
const iso = (ms: number): string => new Date(ms).toISOString();

describe('layBack', () => {
  it('makes twenty seconds twenty minutes that end now', () => {
    const times = layBack({ endMs: now, realMs: 20_000, speed: 60, notBefore: 0, idleShare: 0.1 });
    expect(Object.values(times).map(iso)).toEqual([
      '2026-05-01T09:40:00.000Z', '2026-05-01T09:41:00.000Z', '2026-05-01T09:58:00.000Z', '2026-05-01T10:00:00.000Z',
    ]);
  });

  it('does not begin before the EVSE and the card were free, and keeps its order however short that makes it', () => {
    for (const notBefore of [now - 300_000, now - 400, now + 10_000]) {
      const times = layBack({ endMs: now, realMs: 20_000, speed: 60, notBefore, idleShare: 0.4 });
      const list = [times.sessionStart, times.chargingStart, times.chargingEnd, times.sessionEnd];
      expect(list).toEqual(list.toSorted((one, other) => one - other));
      expect(times.sessionEnd).toBeLessThanOrEqual(now);
      if (notBefore < now - 1_000) expect(times.sessionStart).toBeGreaterThanOrEqual(notBefore);
    }
  });

  it('does not overlap the session before if it is played no longer than it may', () => {
    const freeSince = now - 590_000;
    const realMs = longestRealMs(now, freeSince, 60);
    expect(layBack({ endMs: now + realMs, realMs, speed: 60, notBefore: 0, idleShare: 0 }).sessionStart).toBeGreaterThanOrEqual(freeSince - 1_000);
  });
});

describe('localDateTime', () => {
  it.each([
    ['2026-07-01T10:00:00Z', 'Europe/Berlin', '2026-07-01T12:00:00+02:00'],
    ['2026-01-01T10:00:00Z', 'Europe/Zurich', '2026-01-01T11:00:00+01:00'],
    ['2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+02:00'],
    ['2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+01:00'],
    ['2026-01-01T10:00:00Z', 'UTC', '2026-01-01T10:00:00+00:00'],
    ['2026-01-01T10:00:00Z', 'America/New_York', '2026-01-01T05:00:00-05:00'],
  ])('writes %s in %s as %s', (instant, zone, expected) => {
    expect(localDateTime(Date.parse(instant), zone)).toBe(expected);
  });
});
