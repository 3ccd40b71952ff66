import { fullLoadDue } from './push-schedule.ts';

const at = (text: string): number => Date.parse(text);

describe('the full load by calendar', () => {
  it.each([
    ['nightly', '2026-05-01T02:00:00Z', '2026-05-02T01:59:59Z', false],
    ['nightly', '2026-05-01T02:00:00Z', '2026-05-02T02:00:00Z', true],
    ['nightly', '2026-05-01T23:00:00Z', '2026-05-02T03:00:00Z', true],
    ['weekly', '2026-05-03T02:00:00Z', '2026-05-10T01:59:59Z', false],
    ['weekly', '2026-05-03T02:00:00Z', '2026-05-10T02:00:00Z', true],
    ['weekly', '2026-05-02T12:00:00Z', '2026-05-03T02:00:00Z', true],
    ['never', '2020-01-01T00:00:00Z', '2026-05-02T03:00:00Z', false],
  ] as const)('%s, last %s, now %s: %s', (every, last, now, due) => {
    expect(fullLoadDue({ every, hour: 2 }, at(last), at(now))).toBe(due);
  });

  it('is not what begins: the first one is a repair', () => {
    expect(fullLoadDue({ every: 'nightly', hour: 2 }, null, at('2026-05-02T03:00:00Z'))).toBe(false);
  });
});
