import { age, byGroupAndTopic, lagText } from './lag.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 4, 1, 10, 0, seconds));
const place = { group: 'billing.rate-cdr', topic: 'emp.cdr.v1' };

describe('lag', () => {
  it('adds the partitions of a group up, and keeps the oldest moment', () => {
    expect(
      byGroupAndTopic([
        { ...place, partition: 0, behind: 2, oldestUnreadAt: at(30) },
        { ...place, partition: 1, behind: 3, oldestUnreadAt: at(10) },
        { ...place, partition: 2, behind: 0, oldestUnreadAt: null },
      ]),
    ).toEqual([{ ...place, behind: 5, oldestUnreadAt: at(10) }]);
  });

  it('is a table for a person', () => {
    expect(lagText([{ ...place, behind: 5, oldestUnreadAt: at(10) }], at(40))).toBe(
      'group             topic       behind  oldest unread\nbilling.rate-cdr  emp.cdr.v1  5       30 s\n',
    );
  });

  it.each([
    [90, '90 s'],
    [600, '10 min'],
    [10_800, '3 h'],
    [345_600, '4 d'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(age(at(0), at(seconds))).toBe(text);
  });
});
