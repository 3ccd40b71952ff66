import { continuePlan, planRegular, planSessions, planSpan, planSweep, type OpenStep, type PlannedStep } from './pull-plan.ts';

const now = new Date('2026-05-10T12:15:00Z');
const at = (text: string): Date => new Date(`2026-${text}:00Z`);
const short = (instant: Date): string => instant.toISOString().slice(5, 16);
const lines = (steps: readonly PlannedStep[]): readonly string[] =>
  steps.map(({ selection, window, reaches }) => `${selection} ${short(window.from)}/${short(window.to)} reaches ${short(reaches)}`);
const step = (id: string, selection: OpenStep['selection'], from: string, to: string, begun: boolean): OpenStep =>
  ({ id, selection, window: { from: at(from), to: at(to) }, begun });

describe('the plan of a pull', () => {
  it('asks first for what was not delivered, then for everything, window by window', () => {
    const plan = { watermark: at('05-05T12:00'), now, overlapHours: 72, lookBackDays: 30, windowHours: 168 };
    expect(lines(planRegular(plan))).toEqual([
      'not-forwarded 05-02T12:00/05-10T12:15 reaches 05-02T12:00',
      'all 05-02T12:00/05-09T12:00 reaches 05-09T12:00',
      'all 05-09T12:00/05-10T12:15 reaches 05-10T12:15',
    ]);
  });

  it('sweeps the last days, wherever the watermark stands', () => {
    const steps = planSweep({ now, windowHours: 720, sweepDays: 30 });
    expect(lines(steps).map((line) => line.slice(0, -20))).toEqual(['not-forwarded 04-10T12:15/05-10T12:15', 'all 04-10T12:15/05-10T12:15']);
  });

  it('covers what was asked for and Hubject still answers for, in whole seconds', () => {
    const span = { from: new Date('2026-05-01T00:00:00.700Z'), to: new Date('2026-05-02T12:00:00.100Z') };
    const steps = planSpan(span, { now, windowHours: 24 });
    expect(steps.map(({ window }) => [window.from.toISOString(), window.to.toISOString()])).toEqual([
      ['2026-05-01T00:00:00.000Z', '2026-05-02T00:00:00.000Z'], ['2026-05-02T00:00:00.000Z', '2026-05-02T12:00:01.000Z'],
    ]);
    expect(planSpan({ from: new Date('2020-01-01T00:00:00Z'), to: new Date('2020-02-01T00:00:00Z') }, { now, windowHours: 24 })).toEqual([]);
  });

  it('asks for sessions in batches, over everything Hubject answers for', () => {
    const steps = planSessions(['a', 'b', 'c'], { now, batchSize: 2 });
    expect(steps.map(({ sessionIds }) => sessionIds)).toEqual([['a', 'b'], ['c']]);
    expect(lines(steps)[0]).toMatch(/^sessions 02-10T12:15\/05-10T12:15/);
  });
});

describe('a pull that goes on', () => {
  it('keeps what was begun and plans the rest anew, up to now, without a gap', () => {
    const open = [
      step('f', 'not-forwarded', '05-01T00:00', '05-03T00:00', false),
      step('a', 'all', '05-01T00:00', '05-02T00:00', true), step('b', 'all', '05-02T00:00', '05-03T00:00', false),
    ];
    const { kept, added } = continuePlan(open, { plannedUntil: at('05-03T00:00'), now: at('05-03T06:00'), windowHours: 24 });
    expect(kept).toEqual(['f', 'a']);
    expect(lines(added)).toEqual([
      'all 05-02T00:00/05-03T00:00 reaches 05-03T00:00', 'all 05-03T00:00/05-03T06:00 reaches 05-03T06:00',
    ]);
  });

  it('adds only what came since when every window had been begun', () => {
    const open = [step('a', 'all', '05-01T00:00', '05-02T00:00', true)];
    const { kept, added } = continuePlan(open, { plannedUntil: at('05-02T00:00'), now: at('05-02T00:15'), windowHours: 24 });
    expect([kept, lines(added)]).toEqual([['a'], ['all 05-02T00:00/05-02T00:15 reaches 05-02T00:15']]);
  });
});
