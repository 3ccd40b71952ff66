import { planWindows, reachedBy, type PullPlan } from './pull-windows.ts';

const plan = (changes: Partial<PullPlan>): readonly string[] =>
  planWindows({
    watermark: new Date('2026-05-10T12:00:00Z'), now: new Date('2026-05-10T12:15:00Z'),
    overlapHours: 72, lookBackDays: 30, windowHours: 168, ...changes,
  }).map(({ from, to }) => `${from.toISOString().slice(0, 16)}/${to.toISOString().slice(0, 16)}`);

describe('the windows of a pull', () => {
  it('begin the overlap before the watermark and end now', () => {
    expect(plan({})).toEqual(['2026-05-07T12:00/2026-05-10T12:15']);
  });

  it('look back as configured when nothing was ever pulled', () => {
    expect(plan({ watermark: null, lookBackDays: 5 })).toEqual(['2026-05-05T12:15/2026-05-10T12:15']);
  });

  it('catch up a long absence in steps without gaps', () => {
    expect(plan({ watermark: new Date('2026-04-25T12:00:00Z') })).toEqual([
      '2026-04-22T12:00/2026-04-29T12:00', '2026-04-29T12:00/2026-05-06T12:00', '2026-05-06T12:00/2026-05-10T12:15',
    ]);
  });

  it('never ask for more than 89 days, whatever is configured or was missed', () => {
    expect(plan({ watermark: null, lookBackDays: 400, windowHours: 5_000 })).toEqual(['2026-02-10T12:15/2026-05-10T12:15']);
    expect(plan({ watermark: new Date('2025-01-01T00:00:00Z'), windowHours: 5_000 })).toEqual(['2026-02-10T12:15/2026-05-10T12:15']);
  });

  it('include the second that is running, which the watermark does not', () => {
    const now = new Date('2026-05-10T12:15:00.250Z');
    const [window] = planWindows({ watermark: null, now, overlapHours: 1, lookBackDays: 1, windowHours: 48 });
    expect(window?.to.toISOString()).toBe('2026-05-10T12:15:01.000Z');
    expect(window && reachedBy(window, now).toISOString()).toBe('2026-05-10T12:15:00.000Z');
  });

  it('reach back the overlap from now when the watermark lies ahead of our clock', () => {
    expect(plan({ watermark: new Date('2026-06-01T00:00:00Z') })).toEqual(['2026-05-07T12:15/2026-05-10T12:15']);
  });
});
