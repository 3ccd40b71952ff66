import fc from 'fast-check';
import { allowMove, announceAcceptance, announceRejection, possibleMoves, type Announced, type CaseFacts } from './case.ts';

const facts = (record: CaseFacts['record'], ...openVersions: number[]): CaseFacts => ({ record, openVersions });

describe('what is possible', () => {
  it.each<[CaseFacts, string]>([
    [facts('quarantined'), 'recheck accept correct reject'], [facts('accepted'), 'correct reject'], [facts('rejected'), 'accept correct'],
    [facts('unreadable'), 'recheck reject'], [facts('set-aside'), 'recheck'], [facts('accepted', 2), 'resolve-conflict reject'],
    [facts('quarantined', 2, 3), 'resolve-conflict reject'], [facts('rejected', 2), 'resolve-conflict'],
  ])('with %j is %s', (given, moves) => {
    expect(possibleMoves(given).join(' ')).toBe(moves);
  });

  it('is told when something else is asked for, with why', () => {
    expect(allowMove('reject', facts('accepted'))).toEqual({ ok: true, value: 'reject' });
    expect(allowMove('accept', facts('quarantined', 2))).toMatchObject({
      refusal: { reason: 'move-impossible', detail: 'accept is not possible: version 2 of the record says something else; possible is resolve-conflict, reject' },
    });
    expect(allowMove('recheck', facts('rejected'))).toMatchObject({ refusal: { detail: expect.stringMatching(/the record is rejected/) } });
  });
});

describe('what others are told', () => {
  it('is that a record is accepted, once; then what changed; then nothing without a change', () => {
    expect(announceAcceptance({ announced: 'never', corrections: 0, changed: ['energyKwh'] })).toEqual({ kind: 'accepted' });
    expect(announceAcceptance({ announced: 'accepted', corrections: 0, changed: ['energyKwh'] })).toEqual({ kind: 'corrected', correction: 1 });
    expect(announceAcceptance({ announced: 'accepted', corrections: 4, changed: [] })).toEqual({ kind: 'nothing' });
    expect(announceAcceptance({ announced: 'withdrawn', corrections: 4, changed: [] })).toEqual({ kind: 'corrected', correction: 5 });
  });

  it('is a withdrawal with a number only of what had been accepted', () => {
    expect(announceRejection({ announced: 'never', corrections: 0 })).toEqual({ kind: 'rejected', correction: 0 });
    expect(announceRejection({ announced: 'accepted', corrections: 2 })).toEqual({ kind: 'rejected', correction: 3 });
    expect(announceRejection({ announced: 'withdrawn', corrections: 3 })).toEqual({ kind: 'rejected', correction: 0 });
  });

  it('counts without gaps over any life of a record, and says accepted once', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 30 }), (moves) => {
      let told: { announced: Announced; corrections: number } = { announced: 'never', corrections: 0 };
      const numbers: number[] = [];
      let acceptances = 0;
      for (const [accept, changes] of moves) {
        const said = accept ? announceAcceptance({ ...told, changed: changes ? ['energyKwh'] : [] }) : announceRejection(told);
        if (said.kind === 'accepted') acceptances += 1;
        if ('correction' in said && said.correction > 0) numbers.push(said.correction);
        const corrections = numbers.at(-1) ?? 0;
        if (said.kind === 'accepted' || said.kind === 'corrected') told = { announced: 'accepted', corrections };
        if (said.kind === 'rejected' && said.correction > 0) told = { announced: 'withdrawn', corrections };
      }
      expect(numbers).toEqual(numbers.map((_, at) => at + 1));
      expect(acceptances).toBeLessThanOrEqual(1);
    }));
  });
});
