import { ascendingIds, newId } from './ids.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('new ids', () => {
  it('are UUIDs of version 7, and carry their millisecond', () => {
    const id = ascendingIds(() => Date.parse('2026-05-01T10:00:00.123Z'))();
    expect(id).toMatch(UUID_V7);
    expect(new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toISOString()).toBe('2026-05-01T10:00:00.123Z');
  });

  it('ascend within a millisecond, however many are made in it', () => {
    const next = ascendingIds(() => 1_777_629_600_000);
    const made = Array.from({ length: 10_000 }, () => next());
    expect(made).toEqual([...new Set(made)].sort());
    expect(made.every((id) => UUID_V7.test(id))).toBe(true);
  });

  it('ascend when the clock is set back', () => {
    let now = 1_777_629_600_000;
    const next = ascendingIds(() => (now -= 1_000));
    const made = Array.from({ length: 100 }, () => next());
    expect(made).toEqual([...made].sort());
  });

  it('of two processes differ', () => {
    expect(newId()).not.toBe(ascendingIds(() => Date.now())());
  });
});
