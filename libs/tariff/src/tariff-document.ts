import type { Tariff } from './tariff.ts';

/** A tariff as JSON that `readTariff` accepts; two tariffs that mean the same have the same document. */
export function tariffDocument(tariff: Tariff): Readonly<Record<string, unknown>> {
  return {
    currency: tariff.currency.code,
    elements: tariff.elements.map((element) => ({
      components: element.components.map(({ type, price, stepSize }) => ({ type, price: price.normalised().toString(), stepSize })),
    })),
    minPrice: tariff.minPrice?.normalised().toString() ?? null,
    maxPrice: tariff.maxPrice?.normalised().toString() ?? null,
    timeCounts: tariff.timeCounts,
    parkingGraceSeconds: tariff.parkingGraceSeconds,
    freeBelowWh: tariff.freeBelowWh,
  };
}
