import type { Message } from 'kafkajs';
import { EmpError } from '@emp/kernel';
import { eventually } from '@emp/testing';
import { SilentLog } from '../../test/silent-log.ts';
import { PartitionWriter } from './partition-writer.ts';

/** Kafka as a writer sees it: each send waits until the test says how it ends. */
class FakeProducer {
  readonly sends: { readonly values: readonly string[]; readonly end: (error?: Error) => void }[] = [];

  send(_topic: string, records: readonly Message[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.sends.push({ values: records.map(({ value }) => String(value)), end: (error) => (error ? reject(error) : resolve()) });
    });
  }

  /** Until the writer had its turn. */
  async sent(count: number): Promise<void> {
    await eventually(() => this.sends.length >= count, { what: `send ${count}` });
    expect(this.sends).toHaveLength(count);
  }
}

const protocolError = (type: string): Error => Object.assign(new Error(type), { type });
const record = (value: string): Message => ({ key: 'k', value, partition: 0 });
const turns = async (): Promise<void> => { for (let turn = 0; turn < 5; turn += 1) await Promise.resolve(); };

describe('the writer of a partition', () => {
  let producer: FakeProducer;
  let closing: AbortController;
  let writer: PartitionWriter;
  beforeEach(() => {
    producer = new FakeProducer();
    closing = new AbortController();
    writer = new PartitionWriter({ topic: 't', partition: 0, producer, log: new SilentLog(), closing: closing.signal });
  });

  it('has one send under way, and gathers what comes meanwhile', async () => {
    const [one, two, three] = ['1', '2', '3'].map((value) => writer.write([record(value)]));
    await producer.sent(1);
    await turns();
    expect(producer.sends).toHaveLength(1);
    producer.sends[0]?.end();
    await one;
    await producer.sent(2);
    expect(producer.sends[1]?.values).toEqual(['2', '3']);
    producer.sends[1]?.end();
    await Promise.all([two, three]);
  });

  it('sends a rejected batch again, the same, before anything else', async () => {
    const first = writer.write([record('1'), record('2')]);
    await producer.sent(1);
    const second = writer.write([record('3')]);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      producer.sends[attempt - 1]?.end(protocolError('NOT_ENOUGH_REPLICAS'));
      await turns();
      await producer.sent(attempt + 1);
      expect(producer.sends[attempt]?.values).toEqual(['1', '2']);
    }
    producer.sends[2]?.end();
    await first;
    await producer.sent(4);
    expect(producer.sends[3]?.values).toEqual(['3']);
    producer.sends[3]?.end();
    await second;
  });

  it('splits what is too much for one send, in order', async () => {
    const big = 'x'.repeat(400_000);
    const written = writer.write([record(`1${big}`), record(`2${big}`), record(`3${big}`)]);
    await producer.sent(1);
    expect(producer.sends[0]?.values.map((value) => value[0])).toEqual(['1', '2']);
    producer.sends[0]?.end();
    await producer.sent(2);
    expect(producer.sends[1]?.values.map((value) => value[0])).toEqual(['3']);
    producer.sends[1]?.end();
    await written;
  });

  it('gives up what the broker refuses for its size, and goes on', async () => {
    const refused = writer.write([record('too large')]);
    const next = writer.write([record('next')]);
    await producer.sent(1);
    producer.sends[0]?.end(protocolError('MESSAGE_TOO_LARGE'));
    await expect(refused).rejects.toMatchObject({ slug: 'event-too-large', retry: 'useless' });
    await producer.sent(2);
    producer.sends[1]?.end();
    await next;
  });

  it('rejects everything that waits when it is closed', async () => {
    const [one, two] = ['1', '2'].map((value) => writer.write([record(value)]));
    await producer.sent(1);
    closing.abort(new EmpError('broker-closed', 'closed', { retry: 'helps' }));
    producer.sends[0]?.end(new Error('the connection was cut'));
    await expect(one).rejects.toMatchObject({ slug: 'broker-closed' });
    await expect(two).rejects.toMatchObject({ slug: 'broker-closed' });
    expect(producer.sends).toHaveLength(1);
  });
});
