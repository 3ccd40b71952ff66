import { Together } from './together.ts';

describe('what is done together', () => {
  const doing = (most?: number): { together: Together<number, string>; done: (readonly number[])[] } => {
    const done: (readonly number[])[] = [];
    const together = new Together<number, string>({
      work: (items) => {
        done.push(items);
        return items.includes(13) ? Promise.reject(new Error('unlucky')) : Promise.resolve(items.map((item) => `${item}!`));
      },
      sizeOf: (item) => item,
      ...(most === undefined ? {} : { most }),
    });
    return { together, done };
  };

  it('is what comes in the same moment, each with its own result', async () => {
    const { together, done } = doing();
    expect(await Promise.all([1, 2, 3].map((item) => together.add(item)))).toEqual(['1!', '2!', '3!']);
    expect(done).toEqual([[1, 2, 3]]);
  });

  it('is never more than so much, but for one that is more by itself', async () => {
    const { together, done } = doing(5);
    await Promise.all([2, 3, 1, 9, 4, 1].map((item) => together.add(item)));
    expect(done).toEqual([[2, 3], [1], [9], [4, 1]]);
  });

  it('fails together, and the next goes well', async () => {
    const { together } = doing(14);
    const outcomes = await Promise.allSettled([1, 13, 2].map((item) => together.add(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await together.add(4)).toBe('4!');
  });
});
