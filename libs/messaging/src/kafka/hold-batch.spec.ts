import { holdFor, within } from './hold-batch.ts';

const never = new Promise<never>(() => undefined);
const nothing = (): void => undefined;

describe('holding a batch', () => {
  it('gives what the work gives', async () => {
    expect(await holdFor(Promise.resolve('passed'), { ms: 60_000, meanwhile: nothing })).toBe('passed');
    await expect(holdFor(Promise.reject(new Error('failed')), { ms: 60_000, meanwhile: nothing })).rejects.toThrow('failed');
  });

  it('does something meanwhile, until the work is done', async () => {
    let beats = 0;
    let done: (outcome: string) => void = nothing;
    const work = new Promise<string>((resolve) => { done = resolve; });
    const meanwhile = (): void => {
      beats += 1;
      if (beats === 2) done('passed');
    };
    expect(await holdFor(work, { ms: 60_000, meanwhile })).toBe('passed');
    expect(beats).toBe(2);
  });

  it('lets go of slow work', async () => {
    expect(await holdFor(never, { ms: 1, meanwhile: nothing })).toBe('slow');
  });
});

describe('work with a limit', () => {
  it('is waited for, and no longer than that', async () => {
    expect(await within(60_000, Promise.resolve(1))).toBe(1);
    await expect(within(60_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await expect(within(1, never)).rejects.toThrow('no answer within 1 ms');
  });
});
