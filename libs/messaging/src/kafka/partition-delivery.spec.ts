import { SilentLog } from '../../test/silent-log.ts';
import type { Batch, DeliveredEvent } from '../broker/broker.ts';
import { Deliveries } from './deliveries.ts';

const event = (offset: number): DeliveredEvent =>
  ({ topic: 't', partition: 0, position: String(offset), key: 'k', headers: {}, payload: '', appendedAt: new Date(0) });
const events = (from: number, to: number): DeliveredEvent[] => Array.from({ length: to - from }, (_, index) => event(from + index));

describe('the delivery of a partition', () => {
  let given: string[][];
  let onBatch: (batch: Batch) => Promise<void>;
  let commits: bigint[];
  let stopping: AbortController;
  let deliveries: Deliveries;
  const commit = async (next: bigint): Promise<void> => { commits.push(next); };
  beforeEach(() => {
    [given, commits, stopping] = [[], [], new AbortController()];
    onBatch = () => Promise.resolve();
    deliveries = new Deliveries({
      request: { group: 'g', topics: ['t'], onBatch: async (batch) => {
        await onBatch(batch);
        given.push(batch.events.map(({ position }) => position));
      } },
      batchSize: 2, log: new SilentLog(), stopping: stopping.signal,
    });
    deliveries.assign({ t: [0] });
  });

  it('hands over in batches, and commits behind each', async () => {
    expect(await deliveries.of('t', 0).deliver(events(5, 10), commit)).toBe('passed');
    expect(given).toEqual([['5', '6'], ['7', '8'], ['9']]);
    expect(commits).toEqual([7n, 9n, 10n]);
  });

  it('stops at the batch that fails, and passes over what went well when the same is read again', async () => {
    onBatch = ({ events: [first] }) => (first.position === '7' ? Promise.reject(new TypeError('a bug')) : Promise.resolve());
    const delivery = deliveries.of('t', 0);
    expect(await delivery.deliver(events(5, 10), commit)).toBe('failed');
    expect(commits).toEqual([7n]);
    expect(delivery.unpassed(events(5, 10)).map(({ position }) => position)).toEqual(['7', '8', '9']);
  });

  it('does not commit for a partition that was lost meanwhile, and begins no further batch', async () => {
    onBatch = async ({ revoked }) => {
      deliveries.assign({ t: [1] });
      expect(revoked.aborted).toBe(true);
    };
    expect(await deliveries.of('t', 0).deliver(events(0, 4), commit)).toBe('interrupted');
    expect(commits).toEqual([]);
    expect(given).toHaveLength(1);
  });

  it('keeps its signal over a rebalance that leaves it the partition, and gets a new one after a loss', () => {
    const { revoked } = deliveries.of('t', 0);
    deliveries.assign({ t: [0, 1] });
    expect(deliveries.of('t', 0).revoked).toBe(revoked);
    deliveries.revokeAll('session lost');
    deliveries.assign({ t: [0] });
    expect(revoked.aborted).toBe(true);
    expect(deliveries.of('t', 0).revoked.aborted).toBe(false);
  });

  it('reads everything again after a loss: somebody else may have moved the group', async () => {
    const delivery = deliveries.of('t', 0);
    await delivery.deliver(events(0, 4), commit);
    deliveries.revokeAll('session lost');
    deliveries.assign({ t: [0] });
    expect(delivery.unpassed(events(0, 4))).toHaveLength(4);
  });

  it('takes a failed commit for a failed batch: it comes again', async () => {
    expect(await deliveries.of('t', 0).deliver(events(0, 1), () => Promise.reject(new Error('the coordinator moved')))).toBe('failed');
  });

  it('finishes the batch under way when stopping, and no other', async () => {
    onBatch = async () => { stopping.abort(); };
    expect(await deliveries.of('t', 0).deliver(events(0, 4), commit)).toBe('interrupted');
    expect(given).toEqual([['0', '1']]);
    expect(commits).toEqual([2n]);
  });
});
