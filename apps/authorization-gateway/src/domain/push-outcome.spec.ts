import { loadWhatIsTaken, outcomeOf, sendInHalves, type PushOutcome } from './push-outcome.ts';

describe('an answer to a push', () => {
  it.each([
    [{ ok: true }, 'accepted'],
    [{ ok: false, reason: 'refused', code: '019', done: 'no' }, 'record-refused'],
    [{ ok: false, reason: 'refused', code: '022', done: 'no' }, 'record-refused'],
    [{ ok: false, reason: 'fault', done: 'no' }, 'record-refused'],
    [{ ok: false, reason: 'refused', code: '009', done: 'no' }, 'conflict'],
    [{ ok: false, reason: 'refused', code: '210', done: 'no' }, 'not-accepted'],
    [{ ok: false, reason: 'unauthorized', code: '017', done: 'no' }, 'not-accepted'],
    [{ ok: false, reason: 'rate-limited', done: 'no' }, 'not-accepted'],
    [{ ok: false, reason: 'timeout', done: 'perhaps' }, 'unknown'],
    [{ ok: false, reason: 'refused', code: '001', done: 'perhaps' }, 'unknown'],
    [{ ok: false, reason: 'refused', code: '019', done: 'perhaps' }, 'unknown'],
  ] as const)('%j means %s', (answer, outcome) => {
    expect(outcomeOf(answer)).toBe(outcome);
  });
});

describe('sending in halves', () => {
  /** Takes every part without a bad record. */
  const hub = (bad: ReadonlySet<number>, ...first: readonly PushOutcome[]) => {
    const told = [...first];
    const taken: number[] = [];
    const sizes: number[] = [];
    return {
      taken,
      sizes,
      send: async (part: readonly number[]): Promise<PushOutcome> => {
        sizes.push(part.length);
        const outcome = told.shift() ?? (part.some((one) => bad.has(one)) ? 'record-refused' : 'accepted');
        if (outcome === 'accepted') taken.push(...part);
        return outcome;
      },
    };
  };
  const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

  it('needs one push when all are good, none when there are none', async () => {
    const { send, sizes } = hub(new Set());
    expect(await sendInHalves(numbers(1_000), send)).toEqual({ ended: 'accepted', refused: [] });
    expect(await sendInHalves([], send)).toEqual({ ended: 'accepted', refused: [] });
    expect(sizes).toEqual([1_000]);
  });

  it('finds the bad ones, and all others arrive once', async () => {
    const { send, taken, sizes } = hub(new Set([3, 700]));
    expect(await sendInHalves(numbers(1_000), send)).toEqual({ ended: 'accepted', refused: [3, 700] });
    expect(taken.toSorted((one, other) => one - other)).toEqual(numbers(1_000).filter((one) => one !== 3 && one !== 700));
    expect(sizes.length).toBeLessThan(45);
  });

  it('stops at once when it is no longer about records', async () => {
    const { send, sizes } = hub(new Set(), 'record-refused', 'unknown');
    expect(await sendInHalves(numbers(8), send)).toEqual({ ended: 'unknown', refused: [] });
    expect(sizes).toEqual([8, 4]);
  });

  it('gives up when nearly all are refused', async () => {
    const { send, sizes } = hub(new Set(numbers(1_000)));
    const { ended, refused } = await sendInHalves(numbers(1_000), send);
    expect([ended, refused.length]).toEqual(['too-many-refused', 20]);
    expect(sizes.length).toBeLessThan(60);
  });
});

describe('a full load', () => {
  const hub = (bad: ReadonlySet<number>) => {
    const loads: (readonly number[])[] = [];
    return {
      loads,
      send: async (part: readonly number[]): Promise<PushOutcome> => {
        loads.push(part);
        return part.some((one) => bad.has(one)) ? 'record-refused' : 'accepted';
      },
    };
  };
  const none = async (): Promise<readonly number[]> => [];

  it('is one push when all are good, an empty one too', async () => {
    const { send, loads } = hub(new Set());
    expect(await loadWhatIsTaken([1, 2], none, send)).toEqual({ ended: 'accepted', taken: [1, 2], refused: [] });
    expect(await loadWhatIsTaken([], none, send)).toEqual({ ended: 'accepted', taken: [], refused: [] });
    expect(loads).toEqual([[1, 2], []]);
  });

  it('with a bad one goes again with what HBS took before', async () => {
    const { send, loads } = hub(new Set([4]));
    expect(await loadWhatIsTaken([1, 2, 3, 4], async () => [1, 2], send)).toEqual({ ended: 'accepted', taken: [1, 2], refused: [] });
    expect(loads).toEqual([[1, 2, 3, 4], [1, 2]]);
  });

  it('that was never taken before begins with the first half that is good', async () => {
    expect((await loadWhatIsTaken([1, 2, 3, 4], none, hub(new Set([1])).send))).toEqual({ ended: 'accepted', taken: [2], refused: [1] });
  });

  it('ends with the outcome that is not about records', async () => {
    expect(await loadWhatIsTaken([1, 2], none, async () => 'unknown')).toEqual({ ended: 'unknown', taken: [], refused: [] });
  });

  it('gives up when nothing at all is taken', async () => {
    expect(await loadWhatIsTaken([1, 2, 3], none, async () => 'record-refused'))
      .toEqual({ ended: 'too-many-refused', taken: [], refused: [1, 2, 3] });
  });
});
