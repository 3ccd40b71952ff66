import fc from 'fast-check';
import { Decimal } from '@emp/money';
import { changesSince, DayCollector, narrowed } from './proof-of-day.ts';
import { differencesOf, SESSION_STATES, stateOf, sumOf, type ProvenSession } from './proof.ts';

const kWh = fc.option(fc.integer({ min: 0, max: 99_999 }).map((number) => Decimal.parse((number / 1000).toFixed(3))));
const sessions = fc.array(fc.record({
  sessionId: fc.uuid(), providerId: fc.constantFrom('DE-EMP', 'DE-OFL'), operatorId: fc.constantFrom('DE*SIM', 'CH*ION', null),
  authorized: fc.boolean(), record: fc.constantFrom('none', 'accepted', 'quarantined', 'rejected'), conflicts: fc.nat(2),
  pushed: fc.boolean(), pulled: fc.boolean(), recordKwh: kWh, billed: fc.boolean(), billedKwh: kWh,
}) as fc.Arbitrary<ProvenSession>, { maxLength: 60 });

const proofOf = (day: readonly ProvenSession[]): ReturnType<DayCollector['proof']> => {
  const collector = new DayCollector((providerId) => providerId === 'DE-EMP');
  for (const session of day) collector.add(session);
  return collector.proof();
};
const session = (changes: Partial<ProvenSession>): ProvenSession => ({
  sessionId: 's', providerId: 'DE-EMP', operatorId: 'DE*SIM', authorized: true, record: 'accepted', conflicts: 0,
  pushed: true, pulled: true, recordKwh: Decimal.parse('11'), billed: true, billedKwh: Decimal.parse('11.0'), ...changes,
});

describe('the proof of a day', () => {
  it('adds up: every total is the sum of its states, and of its operators', () => {
    fc.assert(fc.property(sessions, (day) => {
      const { totals, operators } = proofOf(day);
      expect(SESSION_STATES.reduce((sum, state) => sum + totals.states[state], 0)).toBe(day.length);
      expect(totals.sessions).toBe(day.length);
      expect(totals.accepted + totals.quarantined + totals.rejected).toBe(totals.stored);
      expect(totals.states['billed'] + totals.states['accepted-not-billed']).toBe(totals.accepted);
      expect(totals.states['billed'] + totals.states['billed-not-accepted'] + totals.states['billed-without-record']).toBe(totals.billed);
      expect(totals.pulledNeverPushed + totals.pushed).toBe(day.filter(({ pushed, pulled }) => pushed || pulled).length);
      expect(sumOf(operators.map((operator) => operator.totals))).toEqual({ ...totals });
    }));
  });

  it('counts what is there, not what was put together', () => {
    fc.assert(fc.property(sessions, (day) => {
      const { totals } = proofOf(day);
      expect(totals.pushed).toBe(day.filter(({ pushed }) => pushed).length);
      expect(totals.conflicted).toBe(day.filter(({ conflicts }) => conflicts > 0).length);
      const energy = day.reduce((sum, { record, recordKwh }) => (record === 'accepted' && recordKwh ? sum.plus(recordKwh) : sum), Decimal.zero);
      expect(Decimal.parse(totals.acceptedKwh).equals(energy)).toBe(true);
    }));
  });

  it('narrowed to an operator is the proof of its sessions alone', () => {
    fc.assert(fc.property(sessions, (day) => {
      const filter = { providerId: 'DE-EMP', operatorId: 'CH*ION' };
      const alone = proofOf(day.filter(({ providerId, operatorId }) => providerId === 'DE-EMP' && operatorId === 'CH*ION'));
      expect(narrowed(proofOf(day), filter)).toEqual(alone);
    }));
  });

  it('lists a session exactly if something is noticed about it', () => {
    fc.assert(fc.property(fc.uniqueArray(sessions.filter((day) => day.length > 0).map(([first]) => first as ProvenSession), { selector: (one) => one.sessionId }), (day) => {
      const { differences, reasons } = proofOf(day);
      const odd = day.filter((one) => differencesOf(one, one.providerId === 'DE-EMP').length > 0);
      expect(differences.map(({ sessionId }) => sessionId)).toEqual(odd.map(({ sessionId }) => sessionId));
      expect(Object.values(reasons).reduce((sum, times) => sum + times, 0)).toBe(differences.flatMap((one) => one.reasons).length);
    }));
  });
});

describe('a session of the day', () => {
  it.each([
    [{}, 'billed', []],
    [{ record: 'none', billed: false }, 'without-record', ['authorized-without-record']],
    [{ authorized: false }, 'billed', ['record-without-session']],
    [{ billed: false }, 'accepted-not-billed', ['accepted-not-billed']],
    [{ record: 'none' }, 'billed-without-record', ['authorized-without-record', 'billed-without-record']],
    [{ record: 'rejected', billed: false }, 'rejected', []],
    [{ record: 'rejected' }, 'billed-not-accepted', ['billed-not-accepted']],
    [{ record: 'quarantined', billed: false, conflicts: 1 }, 'quarantined', ['quarantined', 'conflict']],
    [{ billedKwh: Decimal.parse('10.9') }, 'billed', ['billed-other-energy']],
    [{ pushed: false }, 'billed', ['pulled-never-pushed']],
  ] as const)('%j is %s, noticed: %j', (changes, state, reasons) => {
    expect([stateOf(session(changes)), differencesOf(session(changes), true)]).toEqual([state, reasons]);
  });

  it('that Hubject authorized by our list is as it should be without our authorization and without a push', () => {
    expect(differencesOf(session({ authorized: false, pushed: false }), false)).toEqual([]);
  });
});

describe('after a day was closed', () => {
  it('shows which figures changed and which differences came or were settled', () => {
    const then = proofOf([session({ sessionId: 'a', billed: false, billedKwh: null }), session({ sessionId: 'b' })]);
    const now = proofOf([session({ sessionId: 'a' }), session({ sessionId: 'b', conflicts: 1 })]);
    const { figures, added, settled } = changesSince(then, now);
    expect(figures.map(({ figure, was, is }) => `${figure} ${was}→${is}`)).toEqual(['conflicted 0→1', 'billed 1→2', 'billedKwh 11.0→22.0']);
    expect(added).toMatchObject([{ sessionId: 'b', reasons: ['conflict'] }]);
    expect(settled).toMatchObject([{ sessionId: 'a', reasons: ['accepted-not-billed'] }]);
    expect(changesSince(now, now)).toEqual({ figures: [], added: [], settled: [] });
  });
});
