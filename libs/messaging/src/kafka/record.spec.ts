import type { KafkaMessage } from 'kafkajs';
import type { OutgoingEvent } from '../broker/broker.ts';
import { fromRecord, sizeOf, toRecord } from './record.ts';

const event: OutgoingEvent = { topic: 't', key: 'Schlüssel ⚡', headers: { ce_id: '1', ce_type: 'Tested' }, payload: '{"a":"ü"}' };
const throughKafka = (outgoing: OutgoingEvent): KafkaMessage => {
  const { key, value, headers } = toRecord(outgoing, 3);
  return {
    key: Buffer.from(String(key)), value: Buffer.from(String(value)), offset: '42', timestamp: '1777622400000', attributes: 0,
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, header]) => [name, Buffer.from(String(header))])),
  };
};

describe('an event as a record', () => {
  it('comes back as it went', () => {
    expect(fromRecord('t', 3, throughKafka(event))).toEqual({ ...event, partition: 3, position: '42', appendedAt: new Date('2026-05-01T08:00:00.000Z') });
  });

  it('has a key of its own when it is a replayed dead letter, which the consumer does not see', () => {
    const replayed = { ...event, headers: { ...event.headers, replay_for: 'billing.rate-cdr' } };
    expect(toRecord(replayed, 3).key).not.toBe(toRecord(event, 3).key);
    expect(fromRecord('t', 3, throughKafka(replayed)).key).toBe(event.key);
  });

  it('is measured in bytes, not in letters', () => {
    expect(sizeOf(toRecord({ ...event, payload: 'ü'.repeat(100) }, 0)) - sizeOf(toRecord({ ...event, payload: '' }, 0))).toBe(200);
  });
});
