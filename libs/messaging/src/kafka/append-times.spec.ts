import type { Admin } from 'kafkajs';
import { AppendTimes } from './append-times.ts';

const NOW = Date.parse('2026-05-01T08:00:00.000Z');

/** A partition whose events were appended at these instants; answers as Kafka does. */
function partitionOf(instants: readonly number[]): { admin: Admin; questions: () => number } {
  let questions = 0;
  const admin = {
    fetchTopicOffsetsByTimestamp: (_topic: string, instant: number) => {
      questions += 1;
      const found = instants.findIndex((each) => each >= instant);
      return Promise.resolve([{ partition: 0, offset: String(found < 0 ? instants.length : found) }]);
    },
  };
  return { admin: admin as unknown as Admin, questions: () => questions };
}

describe('the instant of an offset', () => {
  it.each([30, 900, 4_000, 75_000, 3_600_000, 5 * 86_400_000, 80 * 86_400_000])('of %d ms ago is found nearly, and not too late', async (age) => {
    const { admin, questions } = partitionOf([NOW - 2 * age - 1, NOW - age, NOW - age / 2, NOW]);
    const found = NOW - (await new AppendTimes(admin).of('t', 0, 1n, NOW)).getTime();
    expect(found).toBeGreaterThanOrEqual(age);
    expect(found - age).toBeLessThanOrEqual(Math.max(100, 0.06 * age));
    expect(questions()).toBeLessThan(25);
  });

  it('is asked for once', async () => {
    const { admin, questions } = partitionOf([NOW - 5_000]);
    const times = new AppendTimes(admin);
    const first = await times.of('t', 0, 0n, NOW);
    const asked = questions();
    expect(await times.of('t', 0, 0n, NOW + 60_000)).toEqual(first);
    expect(questions()).toBe(asked);
  });
});
