/** The last branch of a switch over a union; the compiler reports a forgotten case, the error a value from outside. */
export function assertNever(value: never, what = 'value'): never {
  throw new TypeError(`unexpected ${what}: ${JSON.stringify(value)}`);
}
