import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('returns what the condition gives once it is met', async () => {
    const answers = [undefined, null, false, 0];
    await expect(eventually(() => answers.shift())).resolves.toBe(0);
  });

  it('takes an exception for "not yet"', async () => {
    let attempts = 0;
    await eventually(() => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
      return true;
    });
    expect(attempts).toBe(3);
  });

  it('says what did not happen, and what was seen last', async () => {
    await expect(eventually(() => false, { withinMs: 1, what: 'the invoice' })).rejects.toThrow('the invoice did not happen within 1 ms: it was still false');
    await expect(eventually(() => { throw new Error('3 of 5 charges'); }, { withinMs: 1 })).rejects.toThrow('3 of 5 charges');
  });
});
