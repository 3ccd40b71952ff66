import { dayOf, daysBefore, isTimeZone, proofDay } from './proof-day.ts';

const bounds = (day: string, zone: string): readonly string[] | undefined => {
  const found = proofDay(day, zone);
  return found && [found.from.toISOString().slice(0, 16), found.to.toISOString().slice(0, 16)];
};

describe('the day of a proof', () => {
  it.each([
    ['2026-05-01', 'UTC', '2026-05-01T00:00', '2026-05-02T00:00'],
    ['2026-05-01', 'Europe/Berlin', '2026-04-30T22:00', '2026-05-01T22:00'],
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00', '2026-03-29T22:00'],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00', '2026-10-25T23:00'],
    ['2026-01-01', 'Pacific/Auckland', '2025-12-31T11:00', '2026-01-01T11:00'],
    ['2026-09-06', 'America/Santiago', '2026-09-06T04:00', '2026-09-07T03:00'],
  ])('%s in %s is from %s to %s', (day, zone, from, to) => {
    expect(bounds(day, zone)).toEqual([from, to]);
  });

  it.each(['2026-02-30', '2026-5-1', 'yesterday', '2026-13-01', '20260501'])('does not know the day %s', (day) => {
    expect(proofDay(day, 'UTC')).toBeUndefined();
  });

  it('is where its instants fall', () => {
    expect(dayOf(new Date('2026-04-30T22:30:00Z'), 'Europe/Berlin')).toBe('2026-05-01');
    expect(daysBefore('2026-03-01', 1)).toBe('2026-02-28');
    expect(['UTC', 'Europe/Berlin', 'Mars/Olympus'].map(isTimeZone)).toEqual([true, true, false]);
  });
});
