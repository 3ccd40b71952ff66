import { Handover } from './handover.ts';

describe('a handover', () => {
  it('keeps the giver waiting until the taker comes back', async () => {
    const hands = new Handover<string>();
    const happened: string[] = [];
    const putting = hands.put('one').then(() => happened.push('given'));
    expect(await hands.take(1_000)).toBe('one');
    happened.push('used');
    const taking = hands.take(1);
    await putting;
    expect(await taking).toBeUndefined();
    expect(happened).toEqual(['used', 'given']);
  });

  it('wakes a taker who waits', async () => {
    const hands = new Handover<string>();
    const taking = hands.take(60_000);
    void hands.put('one');
    expect(await taking).toBe('one');
  });

  it('tells the taker of a failure, and lets a giver go when nobody takes any more', async () => {
    const hands = new Handover<string>();
    const putting = hands.put('never taken');
    hands.fail(new Error('crashed'));
    await expect(hands.take(1)).rejects.toThrow('crashed');
    hands.close();
    await putting;
    await hands.put('too late');
  });
});
