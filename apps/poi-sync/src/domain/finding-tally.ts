/** Of one record: code → JSON pointers into it. */
export type RecordFindings = Readonly<Record<string, readonly string[]>>;

interface PointedFinding {
  readonly code: string;
  readonly pointer: string;
}

/** Brings the findings of one record into the form in which they are stored; the order of codes is stable. */
export function gatherFindings(findings: Iterable<PointedFinding>): RecordFindings {
  const gathered: Record<string, string[]> = {};
  for (const { code, pointer } of findings) (gathered[code] ??= []).push(pointer);
  return Object.fromEntries(Object.entries(gathered).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** How many records have a code at least once. */
export class FindingTally {
  readonly #records = new Map<string, number>();

  add(findings: RecordFindings): void {
    for (const code of Object.keys(findings)) this.#records.set(code, (this.#records.get(code) ?? 0) + 1);
  }

  /** Most frequent first. */
  toJSON(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#records].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1)));
  }
}

/** `/content/17/Address` → record 17, `/Address`; `null` for what concerns the page, not a record. */
export function locateInPage(pointer: string): { readonly index: number; readonly pointer: string } | null {
  const match = /^\/content\/(\d+)(\/.*)?$/.exec(pointer);
  return match ? { index: Number(match[1]), pointer: match[2] ?? '' } : null;
}

/** The findings of a page by the place of their record in the list as it arrived. */
export function findingsByRecord(findings: readonly PointedFinding[]): ReadonlyMap<number, readonly PointedFinding[]> {
  const byRecord = new Map<number, PointedFinding[]>();
  for (const { code, pointer } of findings) {
    const place = locateInPage(pointer);
    if (place === null) continue;
    const known = byRecord.get(place.index);
    if (known) known.push({ code, pointer: place.pointer });
    else byRecord.set(place.index, [{ code, pointer: place.pointer }]);
  }
  return byRecord;
}
