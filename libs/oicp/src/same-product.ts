/** Whether two PartnerProductIDs mean the same product: `AC1` = `ac 1` (E-43). */
export function isSameProduct(one: string, other: string): boolean {
  return productKey(one) === productKey(other);
}

/** What spellings of one product have in common. */
export const productKey = (product: string): string => product.toLowerCase().replaceAll(/\s/g, '');
