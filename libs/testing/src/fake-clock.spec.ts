import { FakeClock } from './fake-clock.ts';

describe('FakeClock', () => {
  it('stands still until it is moved', () => {
    const clock = new FakeClock('2026-05-01T10:00:00+02:00');
    expect(clock.now().toISOString()).toBe('2026-05-01T08:00:00.000Z');
    clock.advance({ days: 1, hours: 2, minutes: 3, seconds: 4, ms: 5 });
    expect(clock.now().toISOString()).toBe('2026-05-02T10:03:04.005Z');
  });
});
