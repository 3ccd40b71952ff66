import type { HbsClient } from '@emp/hbs-client';

export const CONFIG = Symbol('CONFIG');
export const HBS = Symbol('HBS');

/** What the pulls ask of HBS. */
export type Hbs = Pick<HbsClient, 'pullEvseData' | 'pullEvseStatus' | 'pullPricingProductData' | 'close'>;
