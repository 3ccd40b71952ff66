/** mulberry32: the same seed breaks the same things. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  '\0',
  '\ud800',
  'x'.repeat(5_000),
  [],
  {},
  [[]],
  [null],
  { UID: null },
  '0',
  'DE*SIM',
  '{}',
];

/** Bodies made from a valid message by cutting, flipping, replacing, nesting: many are no JSON, some are still good. */
export function brokenBodies(message: object, howMany: number, seed = 1): readonly (string | Uint8Array)[] {
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const text = JSON.stringify(message);
  const breakers: readonly (() => string | Uint8Array)[] = [
    () => text.slice(0, below(text.length)),
    () => text.slice(below(text.length)),
    () => {
      const bytes = Buffer.from(text);
      for (let flips = 1 + below(4); flips > 0; flips -= 1) bytes[below(bytes.length)] = below(256);
      return bytes;
    },
    () => JSON.stringify(withStrange(message, below, () => STRANGE[below(STRANGE.length)])),
    () => JSON.stringify(withStrange(message, below, () => undefined)),
    () => JSON.stringify(STRANGE[below(STRANGE.length)]) ?? 'undefined',
    () => '['.repeat(1 + below(9_000)),
    () => `{"a":`.repeat(1 + below(3_000)),
    () => text + text,
    () => `\uFEFF${text}`,
    () => text.replaceAll('"', "'"),
    () => Buffer.from(text, 'utf16le'),
    () => text.replace('{', '{"__proto__":{"SessionID":"x"},"constructor":1,"toString":null,'),
    () => JSON.stringify([message]),
    () => Uint8Array.from({ length: below(300) }, () => below(256)),
  ];
  return Array.from({ length: howMany }, (_, index) => breakers[index % breakers.length]!());
}

/** The message with one member, at any depth, made strange. */
function withStrange(message: object, below: (limit: number) => number, strange: () => unknown): object {
  const copy = structuredClone(message) as Record<string, unknown>;
  let at: Record<string, unknown> = copy;
  for (;;) {
    const keys = Object.keys(at);
    const key = keys[below(keys.length)];
    if (key === undefined) return copy;
    const inside = at[key];
    if (typeof inside !== 'object' || inside === null || Array.isArray(inside) || below(2) === 0) {
      at[key] = strange();
      return copy;
    }
    at = inside as Record<string, unknown>;
  }
}
