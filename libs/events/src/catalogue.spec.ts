import { EVENT_CATALOGUE, eventDefinition } from './catalogue.ts';
import { newEvent } from './event.ts';
import { TOPICS } from './topics.ts';

describe('event catalogue', () => {
  it.each(Object.entries(EVENT_CATALOGUE))('%s has its own name, a known topic, and samples with a key', (name, definition) => {
    expect(definition.type).toBe(name);
    expect(Object.keys(TOPICS)).toContain(definition.topic);
    for (const sample of definition.samples) {
      expect((definition.key as (data: unknown) => string)(sample)).toMatch(/\S/);
    }
  });

  it('does not know names it never heard, not even those of Object', () => {
    expect(eventDefinition('toString')).toBeUndefined();
  });

  it('makes an event that carries its own identity', () => {
    const definition = EVENT_CATALOGUE.StopAuthorized;
    const time = new Date('2026-05-01T00:00:00Z');
    const first = newEvent(definition, definition.samples[0], { time });
    const second = newEvent(definition, definition.samples[0], { time });
    expect(first).toMatchObject({ type: 'StopAuthorized', topic: 'emp.session.v1', time: '2026-05-01T00:00:00.000Z' });
    expect(first.id).not.toBe(second.id);
  });
});
