import { parseOffsetDateTime } from './offset-date-time.ts';

const instantOf = (text: string): string => {
  const read = parseOffsetDateTime(text);
  return read.ok ? new Date(read.value.epochMillis).toISOString() : read.refusal.reason;
};

describe('parseOffsetDateTime', () => {
  it.each([
    ['2026-03-29T01:30:00+01:00', '2026-03-29T00:30:00.000Z'],
    ['2026-03-29T01:30:00Z', '2026-03-29T01:30:00.000Z'],
    ['2026-03-29T01:30:00.123456+0200', '2026-03-28T23:30:00.123Z'],
    ['2026-03-29 01:30', '2026-03-29T01:30:00.000Z'],
    ['2026-02-30T00:00:00Z', 'not-a-date-time'],
    ['2026-01-01T24:00:00Z', 'not-a-date-time'],
    ['yesterday', 'not-a-date-time'],
  ])('reads %s as %s', (text, expected) => {
    expect(instantOf(text)).toBe(expected);
  });

  it('keeps the text and says when it had no zone', () => {
    const read = parseOffsetDateTime('2026-05-01T10:00:00');
    expect(read).toMatchObject({ ok: true, value: { text: '2026-05-01T10:00:00', offsetMinutes: null } });
  });
});
