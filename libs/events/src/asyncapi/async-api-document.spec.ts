import { Ajv } from 'ajv';
import { EVENT_CATALOGUE, type EventType } from '../catalogue.ts';
import { TOPICS } from '../topics.ts';
import { asyncApiDocument } from './async-api-document.ts';
import { EVENT_SCHEMAS } from './event-schemas.ts';

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);

describe('the schemas of events', () => {
  it.each(Object.keys(EVENT_CATALOGUE) as EventType[])('%s: every sample is valid, and none that lacks a member', (type) => {
    const { properties, required = [] } = EVENT_SCHEMAS[type];
    const validate = ajv.compile(EVENT_SCHEMAS[type]);
    const samples = EVENT_CATALOGUE[type].samples as readonly object[];
    expect([...new Set(samples.flatMap((sample) => Object.keys(sample)))].sort()).toEqual(Object.keys(properties).sort());
    for (const sample of samples) {
      validate(sample);
      expect(validate.errors).toBeNull();
      for (const member of Object.keys(sample)) {
        const { [member]: _, ...rest } = sample as Record<string, unknown>;
        expect(validate(rest)).toBe(!required.includes(member));
        expect(validate({ ...sample, [member]: { wrong: true } })).toBe(false);
      }
      expect(validate({ ...sample, addedLater: 1 })).toBe(true);
    }
  });
});

describe('the AsyncAPI document', () => {
  const document = asyncApiDocument();

  it('has a channel for each topic, and each event in one of them', () => {
    const channels = document['channels'] as Record<string, { messages: Record<string, unknown> }>;
    expect(Object.keys(channels)).toEqual(Object.keys(TOPICS).flatMap((topic) => [topic, `${topic}.dlq`]));
    const told = Object.values(channels).flatMap(({ messages }) => Object.keys(messages)).filter((name) => name !== 'DeadLetter');
    expect(told.sort()).toEqual(Object.keys(EVENT_CATALOGUE).sort());
  });

  it('refers only to what is in it', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(refs.length).toBeGreaterThan(30);
    for (const path of refs) {
      const target = path.split('/').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);
      expect({ path, target: typeof target }).toEqual({ path, target: 'object' });
    }
  });
});
