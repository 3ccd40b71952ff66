import { MemoryPushLock } from './push-lock.ts';

const gate = (): { open: () => void; opened: Promise<void> } => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => { open = resolve; });
  return { open, opened };
};

describe('MemoryPushLock', () => {
  it('lets pushes of one name through one after the other, in their order', async () => {
    const lock = new MemoryPushLock();
    const told: string[] = [];
    const first = gate();
    const pushes = [
      lock.hold('DE-EMP', 1_000, async () => { told.push('first begins'); await first.opened; told.push('first ends'); }),
      lock.hold('DE-EMP', 1_000, async () => { told.push('second'); }),
      lock.hold('DE-OFL', 1_000, async () => { told.push('another name'); first.open(); }),
    ];
    await Promise.all(pushes);
    expect(told).toEqual(['first begins', 'another name', 'first ends', 'second']);
  });

  it('gives up when its patience ends, and those behind keep their place', async () => {
    const lock = new MemoryPushLock();
    const first = gate();
    const held = lock.hold('a', 1_000, () => first.opened);
    const impatient = await lock.hold('a', 5, async () => 'never');
    const patient = lock.hold('a', 1_000, async () => 'done');
    first.open();
    await held;
    expect([impatient, await patient]).toEqual(['busy', 'done']);
  });

  it('is free again after a push that failed', async () => {
    const lock = new MemoryPushLock();
    await expect(lock.hold('a', 1_000, async () => { throw new Error('broken'); })).rejects.toThrow('broken');
    expect(await lock.hold('a', 1_000, async () => 'done')).toBe('done');
  });
});
