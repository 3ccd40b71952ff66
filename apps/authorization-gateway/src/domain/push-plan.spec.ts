import { planPush, type PushSituation } from './push-plan.ts';

const cards = { setHash: 'a', records: 3 };
const none = { setHash: 'empty', records: 0 };
const accepted = { ...cards, accepted: true };
const situation = (of: Partial<PushSituation>): PushSituation => ({
  current: cards,
  last: accepted,
  lastAccepted: accepted,
  demanded: undefined,
  emptyFullLoad: 'forbidden',
  ...of,
});

describe('planPush', () => {
  it.each<[string, Partial<PushSituation>, string]>([
    ['leaves HBS alone when nothing changed', {}, 'unchanged'],
    ['pushes what was never pushed', { last: undefined, lastAccepted: undefined }, 'changed'],
    ['pushes a changed set', { current: { setHash: 'b', records: 3 } }, 'changed'],
    ['pushes at start, changed or not', { demanded: 'start' }, 'start'],
    ['pushes when asked', { demanded: 'asked' }, 'asked'],
    [
      'repairs a push whose outcome is not known',
      { last: { ...cards, setHash: 'c', accepted: false } },
      'last-not-accepted',
    ],
    [
      'does not begin with an empty list',
      { current: none, last: undefined, lastAccepted: undefined, demanded: 'start' },
      'nothing-to-push',
    ],
    ['does not empty HBS unless allowed', { current: none, demanded: 'asked' }, 'empty-forbidden'],
    ['empties HBS when allowed', { current: none, emptyFullLoad: 'allowed' }, 'changed'],
    [
      'empties HBS once',
      {
        current: none,
        last: { ...none, accepted: true },
        lastAccepted: { ...none, accepted: true },
        emptyFullLoad: 'allowed',
      },
      'nothing-to-push',
    ],
    [
      'knows that a lost push may have left cards',
      { current: none, last: { ...cards, accepted: false }, lastAccepted: undefined },
      'empty-forbidden',
    ],
  ])('%s', (_, of, expected) => {
    const plan = planPush(situation(of));
    expect(plan.push ? plan.reason : plan.because).toBe(expected);
  });
});
