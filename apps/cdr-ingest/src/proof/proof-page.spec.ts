import { DayCollector } from '../domain/proof-of-day.ts';
import { proofDay } from '../domain/proof-day.ts';
import { proofPage } from './proof-page.ts';

function pageOf(day: string, zone: string): string {
  const found = proofDay(day, zone);
  if (!found) throw new Error(`${day} is no day`);
  return proofPage({
    ...found, from: found.from.toISOString(), to: found.to.toISOString(), takenAt: '2026-04-02T06:15:30.123Z',
    providerId: null, operatorId: null, proof: new DayCollector(() => true).proof(), closed: null,
  });
}

describe('the page of a day', () => {
  it('tells times as the clock of its zone shows them, also when clocks change', () => {
    expect(pageOf('2026-03-29', 'Europe/Berlin')).toContain(
      'From 2026-03-29 00:00 to 2026-03-30 00:00, clocks of Europe/Berlin. Taken 2026-04-02 08:15.',
    );
  });

  it('lets its widest table scroll by itself where the screen is narrow', () => {
    expect(pageOf('2026-03-29', 'UTC')).toMatch(/<div class="wide"><table class="figures">.*<\/table><\/div>/s);
  });
});
