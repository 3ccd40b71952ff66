import { halvesOf, judgeReading, type WindowReading } from './window-reading.ts';

const window = { from: new Date('2026-05-01T00:00:00Z'), to: new Date('2026-05-02T00:00:00Z') };
const judge = (changes: Partial<WindowReading>): string =>
  judgeReading({ window, reading: 1, pages: 3, announced: 5, seen: 5, ...changes });

describe('a window that was read', () => {
  it('is complete when as many records came by as Hubject counts', () => {
    expect(judge({})).toBe('complete');
    expect(judge({ seen: 6 })).toBe('complete');
  });

  it('is complete when it is one page: that is one moment, whatever it repeats', () => {
    expect(judge({ pages: 1, seen: 4 })).toBe('complete');
    expect(judge({ pages: 0, announced: 0, seen: 0 })).toBe('complete');
  });

  it('is read again when records slipped through, then divided', () => {
    expect([1, 2, 3].map((reading) => judge({ reading, seen: 4 }))).toEqual(['read-again', 'read-again', 'split']);
  });

  it('stays incomplete when it cannot be divided any more', () => {
    const minute = { from: window.from, to: new Date('2026-05-01T00:01:59Z') };
    expect(judge({ window: minute, reading: 3, seen: 4 })).toBe('incomplete');
  });

  it('is divided at a whole second, without gap', () => {
    const halves = halvesOf({ from: window.from, to: new Date('2026-05-01T00:05:01Z') });
    expect(halves?.map(({ from, to }) => [from.toISOString().slice(14, 23), to.toISOString().slice(14, 23)])).toEqual([
      ['00:00.000', '02:30.000'], ['02:30.000', '05:01.000'],
    ]);
  });
});
