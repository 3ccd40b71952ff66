import { createNoopMeter } from '@opentelemetry/api';
import { ChargeRatedV1, ChargeReversedV1, newEvent, SessionAuthorizedV1, type EmpEvent } from '@emp/events';
import { proofDay, type ProofDay } from '../src/domain/proof-day.ts';
import { ProofDesk, type ShownProof } from '../src/proof/proof-desk.ts';
import { FollowChargesHandler } from '../src/session-story/follow-charges.handler.ts';
import { cdr, received, sessionId } from './builders.ts';
import { Desk } from './desk.ts';

let desk: Desk;
let proofs: ProofDesk;
beforeAll(async () => { desk = await Desk.open(); });
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.clear();
  const parts = { database: desk.database, clock: desk.clock, log: desk.log, meter: createNoopMeter() };
  proofs = new ProofDesk(parts, { zone: 'UTC', closeAfterDays: 7, everySeconds: 0, retentionDays: 30, asksUs: () => true });
});
afterEach(() => proofs.stop());

const charge = (...events: readonly EmpEvent[]): Promise<void> =>
  desk.database.transaction((tx) => new FollowChargesHandler().handle(events, { tx, group: 'test', afterCommit: (run) => tx.afterCommit(run) }));
const authorize = (number: number, authorizedAt = '2026-05-01T07:57:00.000Z'): Promise<void> => desk.sessions(newEvent(SessionAuthorizedV1, {
  ...SessionAuthorizedV1.samples[0], sessionId: sessionId(number), authorizedAt,
}, { time: desk.clock.now() }));
const rate = (number: number): Promise<void> => charge(newEvent(ChargeRatedV1, {
  ...ChargeRatedV1.samples[0], sessionId: sessionId(number), chargeId: `chg-${number}`, energyKwh: '11',
}, { time: desk.clock.now() }));
const reverse = (number: number): Promise<void> => charge(newEvent(ChargeReversedV1, {
  ...ChargeReversedV1.samples[0], sessionId: sessionId(number), chargeId: `chg-${number}`,
}, { time: desk.clock.now() }));

const first = proofDay('2026-05-01', 'UTC') as ProofDay;
async function shown(day = first): Promise<ShownProof> {
  const found = await proofs.show(day, {});
  if (!found) throw new Error('no proof');
  return found;
}

describe('the proof of a past day', () => {
  it('stays open while records may still come, then is closed, and later differences show', async () => {
    await authorize(1);
    await authorize(2);
    await desk.receive(received(cdr(1)));
    desk.clock.advance({ days: 1 });
    await proofs.proveNow();
    expect((await shown()).closed).toBeNull();
    await rate(1);
    desk.clock.advance({ days: 7 });
    await proofs.proveNow();
    const closed = await shown();
    expect(closed.closed).toMatchObject({ totals: { sessions: 2, stored: 1, billed: 1 }, figures: [], added: [], settled: [] });

    await desk.receive(received(cdr(2)));
    await reverse(1);
    await proofs.proveNow(); // A closed one is not taken again.
    const { proof, closed: since } = await shown();
    expect(proof.totals).toMatchObject({ sessions: 2, stored: 2, billed: 0 });
    expect(since?.figures.map(({ figure, was, is }) => `${figure} ${was}→${is}`)).toEqual(expect.arrayContaining(['stored 1→2', 'billed 1→0']));
    expect(since?.settled).toMatchObject([{ sessionId: sessionId(2), reasons: ['authorized-without-record'] }]);
    expect(since?.added.map((one) => [one.sessionId.slice(-1), one.reasons])).toEqual([['1', ['accepted-not-billed']], ['2', ['accepted-not-billed']]]);
  });

  it('makes up for days on which nobody proved', async () => {
    await authorize(1);
    desk.clock.advance({ days: 12 });
    await proofs.proveNow();
    const rows = await desk.database.query<{ day: string; closed: boolean }>(
      'SELECT day, closed_at IS NOT NULL AS closed FROM proof_snapshot ORDER BY day DESC LIMIT 12',
    );
    expect(rows.map(({ day, closed }) => `${day.slice(8)}${closed ? '!' : ''}`)).toEqual(['12', '11', '10', '09', '08', '07', '06', '05!', '04!', '03!', '02!', '01!']);
  });

  it('is what was kept once the sessions are forgotten; of a day that was never kept nothing is told', async () => {
    await authorize(1);
    desk.clock.advance({ days: 10 });
    await proofs.proveNow();
    desk.clock.advance({ days: 30 });
    await proofs.proveNow();
    expect(await desk.database.query('SELECT 1 FROM authorized_session')).toEqual([]);
    expect((await shown()).proof.totals).toMatchObject({ sessions: 1 });
    expect(await proofs.show(proofDay('2026-04-01', 'UTC') as ProofDay, {})).toBeUndefined();
  });

  it('counts each session on one day only, whatever of it is known', async () => {
    await authorize(1, '2026-04-30T23:59:59.999Z'); // The record begins on the next day.
    await desk.receive(received(cdr(1)), received(cdr(1, { SessionStart: '2026-04-29T09:58:00+02:00' })), received(cdr(2)));
    await rate(1);
    await rate(3);
    const days = ['2026-04-29', '2026-04-30', '2026-05-01', '2026-05-02'].map((day) => proofDay(day, 'UTC') as ProofDay);
    const totals = await Promise.all(days.map(async (day) => (await shown(day)).proof.totals.sessions));
    expect(totals).toEqual([0, 1, 2, 0]);
    expect((await shown(days[1])).proof.totals).toMatchObject({ conflicted: 1, billed: 1, states: { billed: 1 } });
  });
});
