import pg from 'pg';
import { EmpError } from '@emp/kernel';
import { databaseError, isDatabaseAway, retryable } from './errors.ts';

const serverError = (code: string): Error => Object.assign(new pg.DatabaseError('what the server said', 20, 'error'), { code });
const socketError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe('databaseError', () => {
  it.each([
    ['08006', 'database-unavailable', 'helps'],
    ['53300', 'database-unavailable', 'helps'],
    ['57P01', 'database-unavailable', 'helps'],
    ['57P03', 'database-unavailable', 'helps'],
    ['25P03', 'database-unavailable', 'helps'],
    ['40001', 'database-conflict', 'helps'],
    ['40P01', 'database-conflict', 'helps'],
    ['55P03', 'database-conflict', 'helps'],
    ['57014', 'database-timeout', 'helps'],
    ['23505', 'database-constraint', 'useless'],
    ['42601', 'database-refused', 'useless'],
    ['28P01', 'database-refused', 'useless'],
  ])('reads SQLSTATE %s as %s', (code, slug, retry) => {
    const cause = serverError(code);
    expect(databaseError(cause)).toMatchObject({ slug, retry, cause, details: { code } });
  });

  it.each([
    socketError('ECONNREFUSED'),
    socketError('ECONNRESET'),
    new AggregateError([socketError('ECONNREFUSED'), socketError('ECONNREFUSED')]),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
  ])('reads a lost connection as the database being away: %s', (thrown) => {
    const error = databaseError(thrown);
    expect(error).toMatchObject({ slug: 'database-unavailable', retry: 'helps' });
    expect(error.message).not.toMatch(/AggregateError/);
  });

  it('leaves what is ours as it is', () => {
    const ours = new EmpError('cdr-nonsense', 'no', { retry: 'useless' });
    expect(databaseError(ours)).toBe(ours);
  });
});

describe('what to do', () => {
  it('is to try again after a conflict, not to wait for the database', () => {
    expect(retryable(serverError('40001'))).toBe(true);
    expect(isDatabaseAway(databaseError(serverError('40001')))).toBe(false);
  });

  it('is to wait for the database, however deep the error is wrapped', () => {
    const wrapped = new Error('outer', { cause: new Error('inner', { cause: databaseError(serverError('57P01')) }) });
    expect(isDatabaseAway(wrapped)).toBe(true);
  });
});
