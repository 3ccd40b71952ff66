/** What decides whether another page follows (OICP §2.10). */
export interface PageEnd {
  readonly last?: boolean | undefined;
  readonly totalPages?: number | undefined;
  readonly content?: readonly unknown[] | undefined;
}

/**
 * Page after page until HBS says `last`, a page is empty, or the announced number is reached. HBS promises no snapshot:
 * while we walk, records may move to a page already seen or to the next one, so a record can come twice (dedupe by its
 * id) and, between two pulls, one can be missed (the next full pull finds it).
 */
export async function* walkPages<Page>(
  fetchPage: (number: number) => Promise<{ readonly page: Page; readonly end: PageEnd; readonly rejected: number }>,
  firstPage = 0,
): AsyncGenerator<Page> {
  for (let number = firstPage; ; number += 1) {
    const { page, end, rejected } = await fetchPage(number);
    yield page;
    const empty = (end.content?.length ?? 0) + rejected === 0;
    if (end.last === true || empty || (end.totalPages !== undefined && number + 1 >= end.totalPages)) return;
  }
}
