import { EmpError } from '@emp/kernel';
import { WriteLanes } from './write-lanes.ts';

/** Lanes over a database that answers when it is told to. */
function lanesOf({ longestWaitMs = 1_000, lanes: most = 1, anotherAfterMs = 0 } = {}): {
  readonly lanes: WriteLanes<string, string>;
  readonly written: string[][];
  readonly finish: (error?: Error) => Promise<void>;
} {
  const written: string[][] = [];
  const pending: ((error?: Error) => void)[] = [];
  const lanes = new WriteLanes<string, string>({
    lanes: most,
    anotherAfterMs,
    mostAtOnce: 3,
    longestWaitMs,
    write: (items) =>
      new Promise((resolve, reject) => {
        written.push([...items]);
        pending.push((error) => (error ? reject(error) : resolve(items.map((item) => `${item}!`))));
      }),
  });
  return {
    lanes,
    written,
    finish: async (error) => {
      pending.shift()?.(error);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('grants that are written together', () => {
  it('go at once when nothing else is written, and together otherwise', async () => {
    const { lanes, written, finish } = lanesOf();
    const all = ['a', 'b', 'c', 'd', 'e'].map((each) => lanes.write(each, each));
    expect(written).toEqual([['a']]);
    await finish();
    await finish();
    await finish();
    expect(written).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
    expect(await Promise.all(all)).toEqual(['a!', 'b!', 'c!', 'd!', 'e!']);
  });

  it('are never two of one session', async () => {
    const { lanes, written, finish } = lanesOf();
    void lanes.write('s', 'first');
    void lanes.write('s', 'second');
    void lanes.write('t', 'other');
    void lanes.write('s', 'third');
    await finish();
    await finish();
    await finish();
    expect(written).toEqual([['first'], ['second', 'other'], ['third']]);
  });

  it('are tried one by one if one of them is refused', async () => {
    const { lanes, written, finish } = lanesOf();
    void lanes.write('a', 'a');
    const good = lanes.write('b', 'b');
    const bad = lanes.write('c', 'c');
    const refused = expect(bad).rejects.toMatchObject({ slug: 'database-constraint' });
    await finish();
    const constraint = new EmpError('database-constraint', 'no', { retry: 'useless' });
    await finish(constraint);
    await finish();
    await finish(constraint);
    expect(written).toEqual([['a'], ['b', 'c'], ['b'], ['c']]);
    expect(await good).toBe('b!');
    await refused;
  });

  it('all fail if the database is away', async () => {
    const { lanes, finish } = lanesOf();
    void lanes.write('a', 'a');
    const both = Promise.allSettled([lanes.write('b', 'b'), lanes.write('c', 'c')]);
    await finish();
    await finish(new EmpError('database-unavailable', 'away', { retry: 'helps' }));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('wait for one lane, and take another when that is slow', async () => {
    const { lanes, written, finish } = lanesOf({ lanes: 2, anotherAfterMs: 50 });
    for (const each of ['a', 'b', 'c']) void lanes.write(each, each);
    expect(written).toEqual([['a']]);
    await new Promise<void>((resolve) => {
      const look = (): void => void (written.length > 1 ? resolve() : setImmediate(look));
      look();
    });
    void lanes.write('d', 'd');
    expect(written).toEqual([['a'], ['b', 'c']]);
    await finish();
    await finish();
    expect(written).toEqual([['a'], ['b', 'c'], ['d']]);
    await finish();
  });

  it('are given up unwritten when they waited too long', async () => {
    const { lanes, written, finish } = lanesOf({ longestWaitMs: -1 });
    await expect(lanes.write('a', 'a')).rejects.toMatchObject({ slug: 'database-busy' });
    await finish();
    expect(written).toEqual([]);
  });
});
