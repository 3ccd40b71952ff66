import { latestCorrections, type Correction } from './correction.ts';

const correction = (sessionId: string, number: number): Correction => ({ sessionId, number, reason: 'why', record: null });

describe('corrections of one batch', () => {
  it('count the highest of each session, in whatever order; of two alike the first', () => {
    const first = correction('b', 1);
    const { latest, overtaken } = latestCorrections([correction('a', 1), correction('a', 3), first, correction('a', 2), correction('b', 1)]);
    expect(latest.map(({ sessionId, number }) => `${sessionId}${number}`)).toEqual(['a3', 'b1']);
    expect(latest[1]).toBe(first);
    expect(overtaken).toBe(3);
  });
});
