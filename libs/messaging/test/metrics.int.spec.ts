import { createNoopMeter, type BatchObservableCallback, type Meter } from '@opentelemetry/api';
import { eventually } from '@emp/testing';
import { encodeEvent, OutboxRelay } from '../src/index.ts';
import { accepted, Fixture, recording } from './fixture.ts';

/** Sums what counters are given, and asks the gauges as a scrape would. */
class RecordingMeter {
  readonly counts: Record<string, number> = {};
  readonly #callbacks = new Set<BatchObservableCallback>();

  readonly meter: Meter = Object.assign(createNoopMeter(), {
    createCounter: (name: string) => ({
      add: (value: number, attributes: Record<string, unknown> = {}) => {
        const label = [name, ...Object.values(attributes)].join('/');
        this.counts[label] = (this.counts[label] ?? 0) + value;
      },
    }),
    createObservableGauge: (name: string) => ({ name }),
    addBatchObservableCallback: (callback: BatchObservableCallback) => void this.#callbacks.add(callback),
    removeBatchObservableCallback: (callback: BatchObservableCallback) => void this.#callbacks.delete(callback),
  });

  async scrape(): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    for (const callback of this.#callbacks) {
      await callback({
        observe: (gauge, value) => {
          const { name } = gauge as unknown as { name: string };
          seen[name] = (seen[name] ?? 0) + value;
        },
      } as Parameters<BatchObservableCallback>[0]);
    }
    return seen;
  }
}

let fixture: Fixture;
beforeAll(async () => { fixture = await Fixture.open(); });
afterEach(() => fixture.reset());
afterAll(() => fixture.close());

describe('metrics', () => {
  it('tell what waits in the outbox, since when, and what was published', async () => {
    const recorder = new RecordingMeter();
    await fixture.outbox.append(fixture.database, accepted('a'), accepted('b'));
    await fixture.database.query(`UPDATE outbox SET created_at = now() - interval '1 minute'`);
    const relay = new OutboxRelay({ database: fixture.database, broker: fixture.broker, outbox: fixture.outbox, log: fixture.log, meter: recorder.meter });
    const before = await recorder.scrape();
    expect(before['outbox_pending']).toBe(2);
    expect(before['outbox_oldest_age_seconds']).toBeGreaterThanOrEqual(59);
    relay.start();
    await eventually(() => recorder.counts['outbox_published'] === 2);
    expect(await recorder.scrape()).toMatchObject({ outbox_pending: 0, outbox_oldest_age_seconds: 0 });
    await relay.stop();
    expect(await recorder.scrape()).toEqual({});
  });

  it('tell what came of events, and how far a group is behind', async () => {
    const recorder = new RecordingMeter();
    const good = encodeEvent(accepted('good'), 'test');
    await fixture.broker.publish([good, good, { ...good, payload: 'spoilt' }]);
    await fixture.broker.publish([{ ...encodeEvent(accepted('good'), 'test'), headers: { ...good.headers, ce_id: '0198f000-0000-7000-8000-000000000001', ce_type: 'FromTheFuture' } }]);
    await fixture.consume([recording('test.first')], { meter: recorder.meter });
    await eventually(async () => (await recorder.scrape())['event_lag'] === 0);
    expect(recorder.counts).toEqual({
      'inbox_events/test.first/handled': 1,
      'inbox_events/test.first/repeated': 1,
      'inbox_events/test.first/dead-lettered': 1,
      'inbox_events/test.first/ignored': 1,
    });
  });
});
