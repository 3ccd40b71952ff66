import type { Batch, DeliveredEvent } from '../broker/broker.ts';
import { arrivalsOf } from './arrivals.ts';

const OLD = new Date('2026-05-01T00:00:00Z');
const NEW = new Date('2026-05-03T00:00:00Z');
const LIMIT = new Date('2026-05-02T00:00:00Z');

const event = (number: number | string, appendedAt = NEW, headers: Record<string, string> = {}): DeliveredEvent => ({
  topic: 't', partition: 0, key: 'k', payload: '', position: String(number), appendedAt, headers: { ce_source: 'a', ce_sequence: String(number), ...headers },
});

const arrivals = (events: readonly DeliveredEvent[], compactedBefore: Date | null = null): ReturnType<typeof arrivalsOf> =>
  arrivalsOf('mine', { topic: 't', partition: 0, revoked: new AbortController().signal, events } as unknown as Batch, compactedBefore);

describe('the numbers of a batch', () => {
  it('are gathered in ranges, whatever their order, repeats included', () => {
    expect(arrivals([3, 1, 2, 2, 7, 9, 8].map((number) => event(number))))
      .toEqual([{ source: 'a', first: 3n, highest: 9n, appendedAt: NEW, numbers: '{[1,3],[7,9]}', excused: '{}' }]);
  });

  it('are told apart by source; what has none, or is meant for another group, does not count', () => {
    const others = [event(5, NEW, { ce_source: 'b' }), event('x'), event(6, NEW, { replay_for: 'theirs' }), event(7, NEW, { replay_for: 'mine' })];
    expect(arrivals([event(1), ...others]).map(({ source, numbers }) => [source, numbers])).toEqual([['a', '{[1,1],[7,7]}'], ['b', '{[5,5]}']]);
  });

  it('of a source whose name no index would take do not count', () => {
    expect(arrivals([event(1, NEW, { ce_source: 'x'.repeat(300) })])).toEqual([]);
  });

  it('may lack, where compaction has been, what was appended after an old event; nothing after a young one', () => {
    expect(arrivals([event(1, OLD), event(5, OLD), event(6, NEW), event(9, NEW)], LIMIT)).toMatchObject([{ excused: '{[2,4]}' }]);
  });
});
