import { Wake } from './wake.ts';

describe('Wake', () => {
  it('does not lose a ring while nobody sleeps', async () => {
    const wake = new Wake();
    wake.ring();
    expect(await wake.sleep(60_000)).toBe(true);
  });

  it('wakes a sleeper', async () => {
    const wake = new Wake();
    const sleeping = wake.sleep(60_000);
    wake.ring();
    expect(await sleeping).toBe(true);
  });

  it('lets a sleeper wake by itself, and forgets rings that were heard', async () => {
    const wake = new Wake();
    wake.ring();
    await wake.sleep(0);
    expect(await wake.sleep(1)).toBe(false);
  });
});
