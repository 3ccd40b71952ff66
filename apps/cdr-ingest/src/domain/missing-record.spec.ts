import { askAgainAt } from './missing-record.ts';

const now = new Date('2026-05-01T00:00:00Z');
const patience = { firstPauseMinutes: 60, longestPauseHours: 4, attempts: 5 };

describe('asking for a missing record', () => {
  it('pauses twice as long each time, up to the longest pause, and ends', () => {
    const hours = [0, 1, 2, 3, 4, 5].map((attempts) => askAgainAt(attempts, now, patience)?.toISOString().slice(11, 13) ?? null);
    expect(hours).toEqual(['01', '01', '02', '04', '04', null]);
  });
});
