import { explainMetering } from './explain-metering.ts';
import { NO_SIGNED_VALUES } from './metering-outcome.ts';

const begins = (begin: string): string | undefined =>
  explainMetering({ ...NO_SIGNED_VALUES, verdict: 'valid', origin: null, keyFingerprint: null, billedKwh: '5', begin }, 'en')
    .split('\n').find((line) => line.startsWith('Begin'))?.replace('Begin according to the meter: ', '');

describe('what signed values prove, for a driver', () => {
  it.each([
    ['2026-11-15T14:15:40,000+0100 S', '2026-11-15 14:15:40 UTC+01:00'], ['2026-11-15T14:15:40,000+0000 R', '2026-11-15 14:15:40 UTC'],
    ['2026-11-15T14:15:40.000Z', '2026-11-15 14:15:40 UTC'], ['2026-11-15T14:15:40-03:30', '2026-11-15 14:15:40 UTC-03:30'],
    ['2026-11-15T14:15:40', '2026-11-15 14:15:40'], ['yesterday', 'yesterday'],
  ])('tells %s as a person writes it', (written, told) => {
    expect(begins(written)).toBe(told);
  });
});
