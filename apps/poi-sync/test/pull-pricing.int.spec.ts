import { wireRecord } from './fake-hbs.ts';
import { PoiSyncUnderTest } from './poi-sync-under-test.ts';

const priceList = (OperatorID: string, price: number | string, more: Record<string, unknown> = {}) => ({
  OperatorID, OperatorName: 'x', ProviderID: '*', PricingDefaultPrice: price, PricingDefaultPriceCurrency: 'EUR',
  PricingDefaultReferenceUnit: 'KILOWATT_HOUR', PricingProductDataRecords: [{
    ProductID: 'DC', ReferenceUnit: 'KILOWATT_HOUR', ProductPriceCurrency: 'EUR', PricePerReferenceUnit: 0.59,
    MaximumProductChargingPower: 400,
    IsValid24hours: true, ProductAvailabilityTimes: [],
    AdditionalReferences: [
      { AdditionalReference: 'START FEE', AdditionalReferenceUnit: 'MINUTE', PricePerAdditionalReferenceUnit: 0.35 }
    ],
  }],
  ...more,
});

describe('a pull of the prices', () => {
  let poi: PoiSyncUnderTest;
  beforeAll(async () => { poi = await PoiSyncUnderTest.start({ OPERATORS_PER_REQUEST: '2' }); });
  beforeEach(async () => {
    await poi.reset();
    poi.hbs.records = ['DE*AAA', 'DE*BBB', 'DE*CCC', 'CH*FASTNED'].map(
      (operator, index) => wireRecord(`DE*ABC*E${index}`, { OperatorID: operator })
    );
    await poi.pull('evse-data');
    poi.hbs.prices = { 'DE*AAA': priceList('DE*AAA', 0.45), 'DE*CCC': priceList(
      'DE*CCC', '0.450', { ProviderID: 'DE-OFL', PricingProductDataRecords: [] }
    ) };
    await poi.newEvents();
  });
  afterAll(() => poi.stop());

  it('asks for the operators of the network, some at a time, and publishes what they charge', async () => {
    expect(await poi.pull('pricing')).toMatchObject({
      state: 'complete', counts: { operators: 3, operatorsNotAsked: 1, requests: 2, prices: 3, changed: 3 },
      notes: ['not asked for, its id is malformed: operator CH*FASTNED'],
    });
    expect(
      poi.hbs.asked.filter(({ path }) => path.endsWith('/providers/DE-EMP/pricing-products')).map(({ body }) => body)
    )
      .toEqual([{ OperatorIDs: ['DE*AAA'] }, { OperatorIDs: ['DE*BBB', 'DE*CCC'] }]);
    const events = await poi.newEvents();
    expect(events.map(({ type, key }) => [type, key])).toEqual([
      ['PriceListed', 'DE*AAA/*/'], ['PriceListed', 'DE*AAA/*/DC'], ['PriceListed', 'DE*CCC/DE-OFL/'],
    ]);
    expect(events[1]?.data).toEqual({
      operatorId: 'DE*AAA', providerId: '*', productId: 'DC', currency: 'EUR', referenceUnit: 'KILOWATT_HOUR',
      pricePerReferenceUnit: '0.59',
      additionalReferences: [
        { reference: 'START FEE', unit: 'MINUTE', price: '0.35' }
      ], maximumPowerKw: '400', validFrom: expect.any(String),
    });
    expect(await poi.own.database.query(
      'SELECT operator_id, product_id, price_per_reference_unit FROM operator_price ORDER BY 1, 2'
    )).toEqual([
      { operator_id: 'DE*AAA', product_id: '', price_per_reference_unit: '0.45' },
      { operator_id: 'DE*AAA', product_id: 'DC', price_per_reference_unit: '0.59' },
      { operator_id: 'DE*CCC', product_id: '', price_per_reference_unit: '0.450' },
    ]);
  });

  it('publishes only the price that changed', async () => {
    await poi.pull('pricing');
    await poi.newEvents();
    await poi.pull('pricing');
    expect(await poi.newEvents()).toEqual([]);
    poi.hbs.prices = { ...poi.hbs.prices, 'DE*AAA': priceList('DE*AAA', 0.49) };
    await poi.pull('pricing');
    expect(
      (await poi.newEvents()).map(({ key, data }) => [key, data['pricePerReferenceUnit']])
    ).toEqual([['DE*AAA/*/', '0.49']]);
  });

  it('leaves out prices for other providers, and names those that cannot be used', async () => {
    poi.hbs.prices = { 'DE*AAA': priceList('DE*AAA', 0.45, { ProviderID: 'DE-XYZ' }), 'DE*BBB': priceList(
      'DE*BBB', 0.1, { PricingDefaultReferenceUnit: 'POUND' }
    ) };
    const run = await poi.pull('pricing');
    expect(run).toMatchObject({ counts: { prices: 1, unusable: 1 } });
    expect(run.notes).toContain('unusable price: DE*BBB/*/default: its unit "POUND" is unknown');
  });

  it('without a contract has no prices, which is no failure', async () => {
    poi.hbs.refusePrices = true;
    expect(await poi.pull('pricing')).toMatchObject({ state: 'complete', counts: { requestsRefused: 2 } });
    expect(await poi.newEvents()).toEqual([]);
  });
});
