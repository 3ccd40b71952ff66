import { ChangeGroups } from './change-groups.ts';

describe('changes', () => {
  let now = 0;
  const groups = (): ChangeGroups => new ChangeGroups(() => now);

  it('of one commit stay together, and apart from those of others', () => {
    const changes = groups();
    for (const ref of ['a', 'b', 'c']) changes.add(ref);
    now += 6;
    changes.add('d');
    now += 6;
    for (const ref of ['e', 'f']) changes.add(ref);
    expect(changes.take(1)).toEqual({ groups: [['d'], ['a', 'b', 'c', 'e', 'f']], everything: false });
    expect([changes.isEmpty, changes.take(1)]).toEqual([true, { groups: [], everything: false }]);
  });

  it('that were not heard are everything', () => {
    const changes = groups();
    changes.add(undefined);
    expect([changes.isEmpty, changes.take(1), changes.isEmpty]).toEqual([false, { groups: [], everything: true }, true]);
  });

  it('that are many are taken together, and too many are everything', () => {
    const changes = groups();
    for (let n = 0; n < 60; n += 1) {
      now += 6;
      changes.add(`c${n}`);
    }
    expect(changes.take(1).groups.map((group) => group.length)).toEqual([60]);
    for (let n = 0; n < 6_000; n += 1) changes.add(`c${n}`);
    expect(changes.take(1).everything).toBe(true);
  });
});
