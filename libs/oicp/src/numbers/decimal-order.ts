/** Exact comparisons of decimal texts, on scaled integers. */

/** −1, 0 or 1. Both must be decimal texts. */
export function compareDecimals(one: string, other: string): -1 | 0 | 1 {
  const places = Math.max(placesOf(one), placesOf(other));
  const difference = scaled(one, places) - scaled(other, places);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

/** Whether `sum` is `end` − `start`, give or take `tolerance`. */
export function isDifference(sum: string, end: string, start: string, tolerance: string): boolean {
  const places = Math.max(placesOf(sum), placesOf(end), placesOf(start), placesOf(tolerance));
  const off = scaled(sum, places) - (scaled(end, places) - scaled(start, places));
  return (off < 0n ? -off : off) <= scaled(tolerance, places);
}

const placesOf = (text: string): number => {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
};

function scaled(text: string, places: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(places - placesOf(text)));
}
