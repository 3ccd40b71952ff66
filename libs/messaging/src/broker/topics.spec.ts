import { TOPICS } from '@emp/events';
import { Topics } from './topics.ts';

const topics = new Topics(TOPICS);

describe('Topics', () => {
  it('have a dead-letter topic each', () => {
    expect(topics.settings('emp.cdr.v1.dlq').keep).toEqual({ days: 90 });
    expect(() => topics.settings('emp.cdr.v2')).toThrow('topic emp.cdr.v2 is not declared in the event catalogue');
  });

  it('put a key into the same partition for ever: stored events hang on it', () => {
    expect(topics.partitionOf('emp.cdr.v1', 'b2688855-7f00-0002-6d8e-48d883f6abb6')).toBe(0);
    expect(topics.partitionOf('emp.price.v1', 'DE*SIM/*/DC')).toBe(2);
  });

  it('spread keys over all partitions', () => {
    const counts = new Map<number, number>();
    for (let index = 0; index < 6_000; index += 1) {
      const partition = topics.partitionOf('emp.cdr.v1', `session-${index}`);
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
