import { newId } from '@emp/kernel';
import type { TopicSettings } from '@emp/events';
import { eventually } from '@emp/testing';
import { inOrder, type Batch, type Broker, type DeliveredEvent, type OutgoingEvent, type Subscription } from '../src/broker/broker.ts';

/** A broker implementation, as the contract needs it. */
export interface BrokerFixture {
  /** A client of its own, as another process would open it. */
  open(topics: Readonly<Record<string, TopicSettings>>): Promise<Broker>;
  tearDown(): Promise<void>;
  /** How long a rebalance may take. */
  readonly rebalanceMs: number;
}

/** What every implementation of the port `Broker` promises. */
export function brokerContract(name: string, setUp: () => Promise<BrokerFixture>): void {
  describe(`${name} as a broker`, () => {
    let fixture: BrokerFixture;
    let brokers: Broker[] = [];
    let topic: string;
    let topics: Record<string, TopicSettings>;

    beforeAll(async () => { fixture = await setUp(); }, 60_000);
    afterAll(() => fixture.tearDown(), 60_000);
    beforeEach(() => {
      topic = `test.t${newId()}.v1`;
      topics = { [topic]: { partitions: 4, keep: { days: 1 } } };
    });
    afterEach(async () => {
      await Promise.all(brokers.map((broker) => broker.close()));
      brokers = [];
    }, 60_000);

    const open = async (): Promise<Broker> => {
      const broker = await fixture.open(topics);
      brokers.push(broker);
      await broker.ensureTopics();
      return broker;
    };

    const event = (key: string, payload: string): OutgoingEvent => ({ topic, key, headers: { ce_id: newId(), ce_type: 'Tested' }, payload });

    /** A member that keeps what it is given. */
    const collect = async (broker: Broker, group: string, onBatch?: (batch: Batch) => Promise<void>): Promise<{ events: DeliveredEvent[]; subscription: Subscription }> => {
      const events: DeliveredEvent[] = [];
      const subscription = await broker.subscribe({
        group,
        topics: [topic],
        onBatch: async (batch) => {
          await onBatch?.(batch);
          events.push(...batch.events);
        },
      });
      return { events, subscription };
    };

    const payloads = (events: readonly DeliveredEvent[]): string[] => events.map(({ payload }) => payload).sort();

    it('keeps the order of every key, and each key in one partition', async () => {
      const broker = await open();
      const { events } = await collect(broker, 'order');
      for (let round = 0; round < 20; round += 1) {
        await broker.publish(Array.from({ length: 25 }, (_, index) => event(`key-${index % 10}`, `${round * 25 + index}`)));
      }
      await eventually(() => events.length === 500, { what: '500 events', withinMs: 20_000 });
      for (let key = 0; key < 10; key += 1) {
        const ofKey = events.filter((each) => each.key === `key-${key}`);
        const numbers = ofKey.map(({ payload }) => Number(payload));
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        expect(new Set(ofKey.map(({ partition }) => partition)).size).toBe(1);
      }
    }, 60_000);

    it('delivers key, headers and payload as they were published, at a place of their own', async () => {
      const broker = await open();
      const sent = event('Schlüssel ⚡', '{"text":"quote \\" backslash \\\\ newline \\n"}');
      await broker.publish([sent, sent]);
      const { events } = await collect(broker, 'faithful');
      await eventually(() => events.length === 2, { withinMs: 20_000 });
      expect(events[0]).toMatchObject({ topic, key: sent.key, headers: sent.headers, payload: sent.payload });
      expect(events[0]?.position).not.toBe(events[1]?.position);
      expect(Math.abs(Date.now() - (events[0]?.appendedAt.getTime() ?? 0))).toBeLessThan(60_000);
    }, 60_000);

    it('gives every group everything, whenever it begins', async () => {
      const broker = await open();
      const early = await collect(broker, 'early');
      await broker.publish(['a', 'b', 'c'].map((key) => event(key, key)));
      const late = await collect(broker, 'late');
      await eventually(() => early.events.length === 3 && late.events.length === 3, { withinMs: 20_000 });
      expect(payloads(early.events)).toEqual(['a', 'b', 'c']);
      expect(payloads(late.events)).toEqual(['a', 'b', 'c']);
    }, 60_000);

    it('goes on where the group stopped', async () => {
      const broker = await open();
      const before = await collect(broker, 'pausing');
      await broker.publish([event('a', '1'), event('b', '2')]);
      await eventually(() => before.events.length === 2, { withinMs: 20_000 });
      await before.subscription.stop();
      await broker.publish([event('a', '3')]);
      const after = await collect(broker, 'pausing');
      await eventually(() => after.events.length > 0, { withinMs: 20_000 });
      expect(payloads(after.events)).toEqual(['3']);
    }, 60_000);

    it('delivers again what a restart interrupted, in order', async () => {
      const dying = await open();
      await dying.publish(Array.from({ length: 10 }, (_, index) => event('one key', String(index))));
      let reached = false;
      await collect(dying, 'restarting', async () => {
        reached = true;
        throw new Error('the process dies in the middle of the batch');
      });
      await eventually(() => reached, { withinMs: 20_000 });
      await dying.close();
      const { events } = await collect(await open(), 'restarting');
      await eventually(() => events.length === 10, { withinMs: 20_000 });
      expect(events.map(({ payload }) => payload)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    }, 60_000);

    it('delivers a failed batch again, and nothing of its partition before it', async () => {
      const broker = await open();
      let failures = 0;
      const { events } = await collect(broker, 'failing', async () => {
        if (failures < 2) {
          failures += 1;
          throw new Error('not this time');
        }
      });
      await broker.publish([event('k', '1')]);
      await broker.publish([event('k', '2')]);
      await eventually(() => events.length === 2, { withinMs: 20_000 });
      expect(events.map(({ payload }) => payload)).toEqual(['1', '2']);
    }, 60_000);

    it('hands over one batch of a partition at a time', async () => {
      const broker = await open();
      let running = 0;
      let most = 0;
      const { events } = await collect(broker, 'one-at-a-time', async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => { setImmediate(resolve); });
        running -= 1;
      });
      for (let index = 0; index < 30; index += 1) await broker.publish([event('same key', String(index))]);
      await eventually(() => events.length === 30, { withinMs: 20_000 });
      expect(most).toBe(1);
    }, 60_000);

    it('shares the partitions among the members of a group, and gives them to those that remain', async () => {
      const [first, second] = [await open(), await open()];
      const one = await collect(first, 'sharing');
      const two = await collect(second, 'sharing');
      const publishRound = (round: number): Promise<void> => first.publish(Array.from({ length: 40 }, (_, index) => event(`key-${index}`, `${round}/${index}`)));
      let round = 0;
      await eventually(async () => {
        await publishRound(round += 1);
        return one.events.length > 0 && two.events.length > 0;
      }, { what: 'both members at work', withinMs: fixture.rebalanceMs });

      await one.subscription.stop();
      const stopped = one.events.length;
      await publishRound(round += 1);
      await eventually(() => two.events.filter(({ payload }) => payload.startsWith(`${round}/`)).length >= 40, { what: 'all partitions with the second', withinMs: fixture.rebalanceMs });
      expect(one.events).toHaveLength(stopped);
      const delivered = new Set([...one.events, ...two.events].map(({ payload }) => payload));
      expect(delivered.size).toBe(round * 40);
    }, 60_000);

    it('loses nothing of several publishers at once', async () => {
      const publishers = await Promise.all([open(), open(), open()]);
      const { events } = await collect(publishers[0] ?? (await open()), 'crowd');
      await Promise.all(publishers.map(async (publisher, index) => {
        for (let batch = 0; batch < 20; batch += 1) {
          await publisher.publish(Array.from({ length: 10 }, (_, place) => event(`key-${place}`, `${index}/${batch}/${place}`)));
        }
      }));
      await eventually(() => new Set(payloads(events)).size === 600, { what: '600 events', withinMs: 20_000 });
      expect(events).toHaveLength(600);
    }, 60_000);

    it('ends a subscription only when the batch under way is done', async () => {
      const broker = await open();
      let finish = (): void => undefined;
      let begun = false;
      const { events, subscription } = await collect(broker, 'draining', () => new Promise<void>((resolve) => {
        begun = true;
        finish = resolve;
      }));
      await broker.publish([event('a', 'under way')]);
      await eventually(() => begun, { withinMs: 20_000 });
      const stopped = subscription.stop();
      finish();
      await stopped;
      expect(payloads(events)).toEqual(['under way']);
      expect((await broker.lag()).filter(({ group, topic: of }) => group === 'draining' && of === topic).every(({ behind }) => behind === 0)).toBe(true);
    }, 60_000);

    it('tells how far a group is behind', async () => {
      const broker = await open();
      const behind = async (): Promise<number> => (await broker.lag())
        .filter((each) => each.group === 'lagging' && each.topic === topic)
        .reduce((sum, each) => sum + each.behind, 0);
      let blocked = true;
      const { subscription } = await collect(broker, 'lagging', async () => {
        if (blocked) throw new Error('not yet');
      });
      await broker.publish(Array.from({ length: 12 }, (_, index) => event(`key-${index}`, String(index))));
      await eventually(async () => (await behind()) === 12, { what: 'a lag of 12', withinMs: 20_000 });
      expect((await broker.lag()).some((each) => each.topic === topic && each.oldestUnreadAt !== null)).toBe(true);
      blocked = false;
      await eventually(async () => (await behind()) === 0, { what: 'no lag', withinMs: 20_000 });
      const passed = new Map((await broker.lag()).filter((each) => each.group === 'lagging' && each.topic === topic).map((each) => [each.partition, each.passed]));
      for await (const { partition, position } of broker.read(topic)) expect(inOrder(position, passed.get(partition) ?? '-1')).toBe(true);
      await broker.publish(Array.from({ length: 12 }, (_, index) => event(`key-${index}`, String(index))));
      let after = 0;
      for await (const { partition, position } of broker.read(topic)) if (!inOrder(position, passed.get(partition) ?? '-1')) after += 1;
      expect(after).toBe(12);
      await subscription.stop();
    }, 60_000);

    it('reads a whole topic for a person', async () => {
      const broker = await open();
      await broker.publish(Array.from({ length: 700 }, (_, index) => event(`key-${index}`, String(index))));
      const seen: string[] = [];
      for await (const { payload } of broker.read(topic)) seen.push(payload);
      expect(new Set(seen).size).toBe(700);
    }, 60_000);

    it.each(['beginning', 'now'] as const)('follows a topic from %s until told to end, and leaves no group behind', async (from) => {
      const broker = await open();
      await broker.publish([event('a', 'before')]);
      const told = new AbortController();
      // Once one follower was given it, it lies behind every other that begins now.
      for await (const { payload } of broker.read(topic, { from: 'beginning', until: told.signal })) if (payload === 'before') break;
      const seen: string[] = [];
      const reading = (async () => {
        for await (const { payload } of broker.read(topic, { from, until: told.signal })) seen.push(payload);
      })();
      let count = 0;
      await eventually(async () => {
        await broker.publish([event(`key-${count}`, String(count++))]);
        return seen.length >= 4;
      }, { what: 'four events followed', withinMs: 20_000 });
      told.abort();
      await reading;
      expect(seen.includes('before')).toBe(from === 'beginning');
      expect(new Set(seen).size).toBe(seen.length);
      expect((await broker.lag()).filter((each) => each.topic === topic)).toEqual([]);
    }, 60_000);

    it('moves a group back, to the beginning or an instant, but not while it is at work', async () => {
      const broker = await open();
      const group = `moved-${newId()}`;
      const first = await collect(broker, group);
      await broker.publish(['a', 'b', 'c', 'd'].map((key) => event(key, `${key}1`)));
      await eventually(() => first.events.length === 4, { withinMs: 20_000 });
      const between = new Date(Math.max(...first.events.map(({ appendedAt }) => appendedAt.getTime())) + 1);
      await eventually(() => Date.now() > between.getTime() + 5);
      await broker.publish(['a', 'b', 'c', 'd'].map((key) => event(key, `${key}2`)));
      await eventually(() => first.events.length === 8, { withinMs: 20_000 });
      await expect(broker.moveGroup({ group, topics: [topic], from: 'beginning' })).rejects.toMatchObject({ slug: 'group-running' });
      await first.subscription.stop();

      await eventually(() => broker.moveGroup({ group, topics: [topic], from: between }).then(() => true), { what: 'nobody at work any more', withinMs: 20_000 });
      const second = await collect(broker, group);
      await eventually(() => second.events.length >= 4, { withinMs: 20_000 });
      expect(payloads(second.events)).toEqual(['a2', 'b2', 'c2', 'd2']);
      await second.subscription.stop();

      await eventually(() => broker.moveGroup({ group, topics: [topic], from: 'beginning' }).then(() => true), { what: 'nobody at work any more', withinMs: 20_000 });
      await broker.moveGroup({ group, topics: [topic], from: new Date() });
      const third = await collect(broker, group);
      await eventually(() => third.events.length >= 8, { withinMs: 20_000 });
      expect(payloads(third.events)).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1', 'd2']);
      await third.subscription.stop();
    }, 120_000);

    it('refuses a topic nobody declared', async () => {
      const broker = await open();
      await expect(broker.publish([{ ...event('a', 'b'), topic: 'test.unknown.v1' }])).rejects.toMatchObject({ slug: 'topic-unknown' });
    });

    it('refuses another number of partitions than the topic has', async () => {
      await open();
      topics = { [topic]: { partitions: 5, keep: { days: 1 } } };
      await expect(open()).rejects.toMatchObject({ slug: 'topic-changed', retry: 'useless' });
    });

    it('has a dead-letter topic for each topic', async () => {
      const broker = await open();
      await broker.publish([{ ...event('a', 'dead'), topic: `${topic}.dlq` }]);
      const seen: string[] = [];
      for await (const { payload } of broker.read(`${topic}.dlq`)) seen.push(payload);
      expect(seen).toEqual(['dead']);
    });
  });
}
