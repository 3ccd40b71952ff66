import { readTariff } from './read-tariff.ts';
import { tariffDocument } from './tariff-document.ts';

const energy = { type: 'ENERGY', price: '0.49', stepSize: 1 };
const tariff = (more: Record<string, unknown> = {}) => ({ currency: 'EUR', elements: [{ components: [energy] }], ...more });

function problemsOf(document: unknown): Record<string, string> {
  const reading = readTariff(document);
  return reading.ok ? {} : Object.fromEntries(reading.problems.map(({ pointer, message }) => [pointer, message]));
}

describe('readTariff', () => {
  it('accepts the shortest tariff and fills in what is usual', () => {
    expect(readTariff(tariff())).toMatchObject({
      ok: true, tariff: { minPrice: null, timeCounts: 'charging', parkingGraceSeconds: 0, freeBelowWh: 0 },
    });
  });

  it('refuses restrictions rather than ignoring them, and says what to do', () => {
    const restricted = tariff({ elements: [{ components: [energy], restrictions: { startTime: '22:00', endTime: '06:00' } }] });
    expect(problemsOf(restricted)['/elements/0/restrictions']).toMatch(/not priced yet.*leave them out/);
  });

  it('refuses every member it does not know', () => {
    expect(problemsOf(tariff({ taxIncluded: 'YES' }))).toHaveProperty(['/taxIncluded']);
    expect(problemsOf(tariff({ 'a/b': 1 }))).toHaveProperty(['/a~1b']);
    expect(problemsOf(tariff({ elements: [{ components: [{ ...energy, vat: 19 }] }] }))).toHaveProperty(['/elements/0/components/0/vat']);
  });

  it.each([
    ['/elements/0/components/0/price', tariff({ elements: [{ components: [{ type: 'ENERGY', price: 0.49 }] }] })],
    ['/elements/0/components/0/price', tariff({ elements: [{ components: [{ type: 'ENERGY', price: '-1' }] }] })],
    ['/elements/0/components/0/type', tariff({ elements: [{ components: [{ type: 'POWER', price: '1' }] }] })],
    ['/elements/0/components/0/stepSize', tariff({ elements: [{ components: [{ ...energy, stepSize: 1.5 }] }] })],
    ['/elements', tariff({ elements: [] })],
    ['/elements/1/components/0', tariff({ elements: [{ components: [energy] }, { components: [energy] }] })],
    ['/currency', tariff({ currency: 'UNDEFINED' })],
    ['/minPrice', tariff({ minPrice: '0.505' })],
    ['/timeCounts', tariff({ timeCounts: 'parking' })],
    ['/timeCounts', tariff({ timeCounts: 'session', elements: [{ components: [{ type: 'TIME', price: '1' }, { type: 'PARKING_TIME', price: '1' }] }] })],
    ['', 'a tariff'],
    ['/elements/0', tariff({ elements: [null] })],
  ])('reports %s', (pointer, document) => {
    expect(Object.keys(problemsOf(document))).toContain(pointer);
  });

  it('reports all problems at once', () => {
    expect(Object.keys(problemsOf({ currency: 'eur', elements: [{ components: [{ type: 'ENERGY', price: 1 }] }], freeBelowWh: -1 })))
      .toEqual(expect.arrayContaining(['/currency', '/elements/0/components/0/price', '/freeBelowWh']));
  });

  it('writes equal tariffs equally', () => {
    const documentOf = (value: unknown) => {
      const reading = readTariff(value);
      return reading.ok ? JSON.stringify(tariffDocument(reading.tariff)) : 'refused';
    };
    const other = { elements: [{ components: [{ stepSize: 1, price: '4.90e-1', type: 'ENERGY' }] }], currency: 'EUR', maxPrice: null };
    expect(documentOf(other)).toBe(documentOf(tariff()));
    expect(documentOf(tariff({ freeBelowWh: 1 }))).not.toBe(documentOf(tariff()));
  });
});
