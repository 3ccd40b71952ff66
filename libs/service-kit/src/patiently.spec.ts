import { EmpError } from '@emp/kernel';
import { createLog } from './log.ts';
import { patiently } from './patiently.ts';

const log = createLog('test', 'silent');
const away = new EmpError('database-unavailable', 'away', { retry: 'helps' });

/** Fails with these, one after the other, then goes well. */
function failing(...errors: readonly Error[]): { readonly start: () => Promise<string>; readonly attempts: () => number } {
  let attempts = 0;
  const start = async (): Promise<string> => {
    const error = errors[attempts];
    attempts += 1;
    if (error) throw error;
    return 'started';
  };
  return { start, attempts: () => attempts };
}

describe('a patient start', () => {
  it('is tried again while the database is away', async () => {
    const { start, attempts } = failing(away);
    expect(await patiently(start, { forMs: 60_000, log })).toBe('started');
    expect(attempts()).toBe(2);
  });

  it.each([
    new EmpError('database-refused', 'wrong password', { retry: 'useless' }),
    new EmpError('door-certificates-unusable', 'key.pem is none', { retry: 'helps' }),
  ])('fails at once for what does not come back by itself: $slug', async (wrong) => {
    const { start, attempts } = failing(wrong, wrong);
    await expect(patiently(start, { forMs: 60_000, log })).rejects.toBe(wrong);
    expect(attempts()).toBe(1);
  });

  it('fails with the last error when the time is over', async () => {
    const { start, attempts } = failing(away, away, away);
    await expect(patiently(start, { forMs: 20, log })).rejects.toBe(away);
    expect(attempts()).toBe(2);
  });
});
