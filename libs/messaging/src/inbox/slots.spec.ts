import { Slots } from './slots.ts';

describe('Slots', () => {
  it('let so many run at once, and everybody in the end', async () => {
    const slots = new Slots(2);
    let running = 0;
    let most = 0;
    const results = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => slots.run(async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      if (index % 3 === 0) throw new Error('this one fails');
      return index;
    })));
    expect(most).toBe(2);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
  });
});
