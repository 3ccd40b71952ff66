/** Items by their key, each as `of` makes it, in their order. */
export function grouped<Item, Kept>(
  items: readonly Item[], keyOf: (item: Item) => string, of: (item: Item) => Kept,
): ReadonlyMap<string, readonly Kept[]> {
  const groups = new Map<string, Kept[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(of(item));
    else groups.set(key, [of(item)]);
  }
  return groups;
}
