import { readPriceList, type PricingProductData } from './operator-price.ts';

const listed: PricingProductData = {
  OperatorID: 'DE*ABC', ProviderID: '*', PricingDefaultPrice: '0.450', PricingDefaultPriceCurrency: 'EUR',
  PricingDefaultReferenceUnit: 'KILOWATT_HOUR',
  PricingProductDataRecords: [{
    ProductID: 'AC1', ReferenceUnit: 'KILOWATT_HOUR', ProductPriceCurrency: 'EUR', PricePerReferenceUnit: '0.39',
    MaximumProductChargingPower: '22', IsValid24hours: false, ProductAvailabilityTimes: [{ on: 'Workdays' }],
    AdditionalReferences: [
      { AdditionalReference: 'PARKING FEE', AdditionalReferenceUnit: 'MINUTE', PricePerAdditionalReferenceUnit: '0.1' }
    ],
  }],
};

describe('a price list', () => {
  it('holds the default price, without product, and every product with its fees', () => {
    expect(readPriceList(listed, ['DE-EMP'])).toEqual({
      unusable: [],
      prices: [
        {
          operatorId: 'DE*ABC', providerId: '*', productId: null, currency: 'EUR', referenceUnit: 'KILOWATT_HOUR',
          pricePerReferenceUnit: '0.450', additionalReferences: [], maximumPowerKw: null,
          availability: { allDay: null, times: [] },
        },
        {
          operatorId: 'DE*ABC', providerId: '*', productId: 'AC1', currency: 'EUR', referenceUnit: 'KILOWATT_HOUR',
          pricePerReferenceUnit: '0.39', maximumPowerKw: '22',
          availability: { allDay: false, times: [{ on: 'Workdays' }] },
          additionalReferences: [{ reference: 'PARKING FEE', unit: 'MINUTE', price: '0.1' }],
        },
      ],
    });
  });

  it('counts when it is for everyone or for one of our providers in any spelling, not when it is for another', () => {
    const forProvider = (ProviderID: string) => readPriceList(
      { ...listed, ProviderID }, ['DE-EMP', 'DE-OFL']
    ).prices.length;
    expect([forProvider('*'), forProvider('de*ofl'), forProvider('DE-XYZ')]).toEqual([2, 2, 0]);
  });

  it('without products is the default price alone; without default the products alone', () => {
    expect(
      readPriceList({ ...listed, PricingProductDataRecords: null }, []).prices.map(({ productId }) => productId)
    ).toEqual([null]);
    expect(
      readPriceList({ ...listed, PricingDefaultPrice: null }, []).prices.map(({ productId }) => productId)
    ).toEqual(['AC1']);
  });

  it('says which price cannot be used and why, and keeps the others', () => {
    const [product] = listed.PricingProductDataRecords ?? [];
    const read = readPriceList({
      ...listed,
      PricingProductDataRecords: [
        { ...product, ProductID: 'DC', PricePerReferenceUnit: 'free' },
        { ...product, ProductID: 'X', ReferenceUnit: 'POUND' },
        { ...product, ProductID: 'Y', ProductPriceCurrency: null },
        { ...product, ProductID: 'Z', AdditionalReferences: [{ AdditionalReference: 'START FEE' }] },
        { ...product, ProductID: null },
        { ...product },
        { ...product, PricePerReferenceUnit: '9' },
      ],
    }, []);
    expect(read.prices.map(({ productId }) => productId)).toEqual([null, 'AC1']);
    expect(read.unusable).toEqual([
      'DE*ABC/*/DC: its price "free" is no decimal number',
      'DE*ABC/*/X: its unit "POUND" is unknown',
      'DE*ABC/*/Y: it has no currency',
      'DE*ABC/*/Z: its fee "START FEE" has no price',
      'DE*ABC/*: a product without ProductID',
      'DE*ABC/*/AC1: listed twice, the first is kept',
    ]);
    expect(readPriceList({ ProviderID: '*' }, []).unusable).toEqual(['a price list without OperatorID']);
  });
});
