import { planFaults, type FaultPlan } from './faults.ts';
import { planSession } from './sessions.ts';

const plan: FaultPlan = { seed: '7', sessions: 5000, broker: 'kafka', kafkaNodes: 3, faults: 50 };

describe('the schedule of a run', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(planFaults(plan)).toEqual(planFaults({ ...plan }));
    expect(planFaults(plan)).not.toEqual(planFaults({ ...plan, seed: '8' }));
    expect(planSession('7', 12, 600)).toEqual(planSession('7', 12, 600));
    expect(planSession('7', 12, 600)).not.toEqual({ ...planSession('8', 12, 600) });
  });

  it('stands as it was, so that a seed in an old report still means the same', () => {
    expect(
      planFaults({ ...plan, faults: 3, sessions: 100 }).map(
        ({ atSession, kind, target }) => `${atSession} ${kind} ${target}`,
      ),
    ).toMatchInlineSnapshot(`
[
  "24 freeze-service cdr-ingest",
  "32 kill-service authorization-gateway",
  "92 cut-relay billing",
]
`);
    expect(planSession('7', 1, 600)).toMatchInlineSnapshot(`
{
  "delayMs": 5471,
  "driver": 112,
  "energyWh": 5885,
  "evseId": "DE*SIM*E0001*1",
  "minutes": 76,
  "number": 1,
  "pauseMs": 327,
  "record": "once",
  "sessionId": "01d34b83-5088-459c-8c6d-b66d6c5a3bae",
  "station": "tells-once",
}
`);
  });

  it('has as many faults as asked, in the order of sessions, every kind at least once', () => {
    const faults = planFaults(plan);
    expect(faults).toHaveLength(50);
    expect(faults.map(({ atSession }) => atSession)).toEqual(
      faults.map(({ atSession }) => atSession).sort((one, other) => one - other),
    );
    expect(new Set(faults.map(({ kind }) => kind)).size).toBe(10);
    expect(faults.every(({ atSession }) => atSession >= 1 && atSession <= 5000)).toBe(true);
  });

  it('leaves Kafka alone where there is none', () => {
    const kinds = planFaults({ ...plan, broker: 'postgres', faults: 200 }).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.endsWith('kafka'))).toEqual([]);
    expect(new Set(kinds).size).toBe(8);
  });

  it('gives every session an id of its own and every way of delivery its share', () => {
    const sessions = Array.from({ length: 1000 }, (_, index) => planSession('7', index + 1, 600));
    expect(new Set(sessions.map(({ sessionId }) => sessionId)).size).toBe(1000);
    const pullOnly = sessions.filter(({ record }) => record === 'pull-only').length;
    expect(pullOnly).toBeGreaterThan(40);
    expect(pullOnly).toBeLessThan(110);
    expect(new Set(sessions.map(({ record }) => record)).size).toBe(7);
  });
});
