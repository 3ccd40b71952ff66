import { planPush, type PushSituation } from './push-plan.ts';

const calm: PushSituation = {
  state: { held: 100, intended: 100, repair: null, baseline: 100, deletedSince: 0 },
  differences: { inserts: 0, updates: 0, deletes: 0, contractsOfDeletes: 0 },
  wish: undefined,
  asked: undefined,
  caution: { shrinkShare: 0.2, unaskedContracts: 1 },
};
type Parts = { readonly [K in keyof PushSituation]?: Partial<PushSituation[K]> };
const plan = (of: Parts): unknown =>
  planPush({
    ...calm,
    ...(of as object),
    state: { ...calm.state, ...of.state },
    differences: { ...calm.differences, ...of.differences },
    caution: { ...calm.caution, ...of.caution },
  });
const deletes = (count: number, contractsOfDeletes = count): PushSituation['differences'] =>
  ({ inserts: 0, updates: 0, deletes: count, contractsOfDeletes });

describe('planPush', () => {
  it.each<[string, Parts, unknown]>([
    ['leaves HBS alone when nothing differs', {}, { do: 'nothing', because: 'unchanged' }],
    ['sends what differs', { differences: { inserts: 1 } }, { do: 'differences', deletes: 'go' }],
    ['sends deletions up to the share', { differences: deletes(20) }, { do: 'differences', deletes: 'go' }],
    ['asks before it deletes more', { differences: deletes(21) }, { do: 'nothing', because: 'waiting', ask: 21 }],
    ['counts what was deleted since the last full load', { state: { held: 85, deletedSince: 15 }, differences: deletes(6) },
      { do: 'nothing', because: 'waiting', ask: 6 }],
    ['never asks about one contract', { state: { held: 2 }, differences: deletes(2, 1) }, { do: 'differences', deletes: 'go' }],
    ['sends the rest while deletions wait', { differences: { ...deletes(50), inserts: 1 } },
      { do: 'differences', deletes: 'stay', ask: 50 }],
    ['deletes what a person confirmed', { differences: deletes(50), asked: { state: 'confirmed', takesAway: 50 } },
      { do: 'differences', deletes: 'go' }],
    ['asks anew when it has become more', { differences: deletes(52), asked: { state: 'confirmed', takesAway: 50 } },
      { do: 'nothing', because: 'waiting', ask: 52 }],
    ['does not ask twice about what was rejected', { differences: deletes(50), asked: { state: 'rejected', takesAway: 50 } },
      { do: 'nothing', because: 'rejected' }],
    ['repairs before it sends differences', { state: { repair: 'outcome-unknown' }, differences: { inserts: 3 } },
      { do: 'full-load', reason: 'outcome-unknown' }],
    ['loads when asked, changed or not', { wish: 'asked' as never }, { do: 'full-load', reason: 'asked' }],
    ['begins with a full load', { state: { held: 0, intended: 0, baseline: 0, repair: 'never-loaded' }, differences: { inserts: 5 } },
      { do: 'full-load', reason: 'never-loaded' }],
    ['does not begin with an empty list', { state: { held: 0, intended: 0, baseline: 0, repair: 'never-loaded' } },
      { do: 'nothing', because: 'nothing-to-push' }],
    ['asks before an empty full load', { wish: 'scheduled' as never, differences: deletes(100) },
      { do: 'nothing', because: 'waiting', ask: 100 }],
    ['asks before an empty full load, however small the list was',
      { state: { held: 1, intended: 1, repair: 'outcome-unknown' }, differences: deletes(1) },
      { do: 'nothing', because: 'waiting', ask: 1 }],
    ['asks before an empty full load also if a lost push was to leave nothing',
      { state: { held: 1, intended: 0, repair: 'outcome-unknown' }, differences: deletes(1) },
      { do: 'nothing', because: 'waiting', ask: 1 }],
    ['knows that a lost push may have left cards',
      { state: { held: 0, intended: 7, baseline: 0, repair: 'outcome-unknown' } }, { do: 'nothing', because: 'waiting', ask: 7 }],
    ['asks before a full load shrinks the list', { wish: 'asked' as never, differences: deletes(21) },
      { do: 'nothing', because: 'waiting', ask: 21 }],
    ['never asks about one contract in a full load either, unless it is empty', { wish: 'scheduled' as never, state: { held: 2, intended: 2 }, differences: deletes(1) },
      { do: 'full-load', reason: 'scheduled' }],
    ['does not ask again about deletions that a lost push was allowed',
      { state: { held: 100, intended: 60, repair: 'outcome-unknown' }, differences: deletes(40) },
      { do: 'full-load', reason: 'outcome-unknown' }],
    ['loads what a person confirmed', { wish: 'asked' as never, differences: deletes(100), asked: { state: 'confirmed', takesAway: 100 } },
      { do: 'full-load', reason: 'asked' }],
    ['lets a full load be that was rejected', { state: { repair: 'beliefs-differ' }, differences: deletes(90), asked: { state: 'rejected', takesAway: 90 } },
      { do: 'nothing', because: 'rejected' }],
  ])('%s', (_, of, expected) => {
    expect(plan(of)).toEqual(expected);
  });
});
