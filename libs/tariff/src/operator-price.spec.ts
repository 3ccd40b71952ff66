import { Decimal } from '@emp/money';
import { costOfSession } from './cost-of-session.ts';
import { chooseOperatorPrice, type OperatorPrice, type PriceQuestion } from './operator-price.ts';

const kw = (text: string | null) => (text === null ? null : Decimal.parse(text));

const price = (productId: string | null, more: { provider?: string; kw?: string | null } & Partial<OperatorPrice> = {}): OperatorPrice => ({
  providerId: more.provider ?? '*', productId, currency: 'EUR', referenceUnit: 'KILOWATT_HOUR',
  pricePerReferenceUnit: Decimal.parse('0.39'), additionalReferences: [], maximumPowerKw: kw(more.kw ?? null), ...more,
});

function choice(prices: readonly OperatorPrice[], question: Partial<PriceQuestion> & { kw?: string | null }): string {
  const decision = chooseOperatorPrice(prices, {
    providerId: 'DE-EMP', partnerProductId: question.partnerProductId ?? null, maximumPowerKw: kw(question.kw ?? null),
  });
  if (!decision.ok) return decision.refusal.reason;
  return `${decision.value.price.providerId}/${decision.value.price.productId ?? 'default'} by ${decision.value.chosenBy}`;
}

describe('chooseOperatorPrice', () => {
  const list = [price('AC 1', { kw: '22' }), price('DC', { kw: '50' }), price('HPC', { kw: '400' }), price(null)];

  it('takes the product the record names, whatever its spelling', () => {
    expect(choice(list, { partnerProductId: 'ac1', kw: '150' })).toBe('*/AC 1 by product-id');
    expect(choice(list, { partnerProductId: ' A C 1 ' })).toBe('*/AC 1 by product-id');
    expect(choice([price('AC+'), price('AC')], { partnerProductId: 'ac+' })).toBe('*/AC+ by product-id');
  });

  it.each([['11', 'AC 1'], ['22', 'AC 1'], ['22.1', 'DC'], ['150', 'HPC']])('covers %s kW with the smallest product, %s', (power, product) => {
    expect(choice(list, { kw: power })).toBe(`*/${product} by power`);
  });

  it('falls back to the default price when no product suffices', () => {
    expect(choice(list, { kw: '401' })).toBe('*/default by default');
  });

  it('prefers our own prices to those for everyone', () => {
    expect(choice([...list, price('OWN', { provider: 'DE*EMP', kw: '400' })], { kw: '11' })).toBe('DE*EMP/OWN by power');
    expect(choice([price(null), price(null, { provider: 'DE-EMP' })], {})).toBe('DE-EMP/default by default');
  });

  it('never takes the price of another provider', () => {
    expect(choice([price('DC', { provider: 'NL-OTH' })], { partnerProductId: 'DC' })).toBe('no-price');
  });

  it('does not guess', () => {
    expect(choice([price('DC', { kw: '50' }), price('DC night', { kw: '50' })], { kw: '50' })).toBe('ambiguous');
    expect(choice([price('AC 1'), price('ac1')], { partnerProductId: 'AC1' })).toBe('ambiguous');
    expect(choice(list, { kw: null })).toBe('ambiguous');
  });

  it('takes the only product when the power is unknown, and an unlimited one when no limit fits', () => {
    expect(choice([price('ANY', { kw: '50' })], {})).toBe('*/ANY by only-product');
    expect(choice([price('AC', { kw: '22' }), price('ANY')], { kw: '50' })).toBe('*/ANY by power');
  });
});

describe('costOfSession', () => {
  const at = (text: string) => ({ text, epochMillis: Date.parse(text), offsetMinutes: 0 });
  const session = {
    sessionStart: at('2026-06-12T08:00:00Z'), sessionEnd: at('2026-06-12T09:00:00Z'), chargingStart: null, chargingEnd: null,
    energyKwh: Decimal.parse('10'),
  };
  const cost = (listed: OperatorPrice, of = session) => {
    const decision = costOfSession([listed], of, { providerId: 'DE-EMP', partnerProductId: null, maximumPowerKw: null });
    return decision.ok ? decision.value.net.toString() : decision.refusal.reason;
  };

  it('cannot use a price without a currency or with a fee of unknown meaning', () => {
    expect(cost(price(null))).toBe('3.90');
    expect(cost(price(null, { currency: 'UNDEFINED' }))).toBe('unusable-price');
    const fee = (reference: string, unit = 'HOUR') => [{ reference, unit, price: Decimal.parse('1') }];
    expect(cost(price(null, { additionalReferences: fee('LOVE FEE') }))).toBe('unusable-price');
    expect(cost(price(null, { additionalReferences: fee('PARKING FEE', 'KILOWATT_HOUR') }))).toBe('unusable-price');
    expect(cost(price(null, { additionalReferences: fee('start fee') }))).toBe('4.90');
  });

  it('refuses energy that flowed back and sessions that end before they start', () => {
    expect(cost(price(null), { ...session, energyKwh: Decimal.parse('-0.001') })).toBe('negative-energy');
    expect(cost(price(null), { ...session, sessionEnd: at('2026-06-12T07:59:59Z') })).toBe('times-reversed');
  });
});
