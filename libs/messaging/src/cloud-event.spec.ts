import { CdrAcceptedV1, newEvent } from '@emp/events';
import { decodeEvent, encodeEvent } from './cloud-event.ts';

const event = newEvent(CdrAcceptedV1, CdrAcceptedV1.samples[0], { time: new Date('2026-05-01T09:05:01.000Z'), traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
const sent = encodeEvent(event, 'cdr-ingest');

describe('an event on its way', () => {
  it('arrives as it was', () => {
    expect(decodeEvent(sent)).toEqual({ ok: true, value: event });
  });

  it('carries CloudEvents attributes; the subject is the key', () => {
    expect(sent.headers).toMatchObject({ ce_specversion: '1.0', ce_id: event.id, ce_source: 'cdr-ingest', ce_subject: event.key });
  });

  it.each([
    ['header ce_id is not a UUID', { ...sent, headers: { ...sent.headers, ce_id: '42' } }],
    ['header ce_type or ce_time is missing', { ...sent, headers: { ce_id: event.id } }],
    ['the body is not JSON', { ...sent, payload: '' }],
  ])('is unreadable when %s', (detail, spoilt) => {
    expect(decodeEvent(spoilt)).toMatchObject({ ok: false, refusal: { reason: 'event-unreadable', detail: expect.stringContaining(detail) as string } });
  });
});
