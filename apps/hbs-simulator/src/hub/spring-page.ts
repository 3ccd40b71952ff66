/** Where a page begins and how long it may be (OICP §2.10: default 20, at most 2000). */
export interface PageRequest {
  readonly number: number;
  readonly size: number;
}

export function pageRequestOf(query: unknown): PageRequest {
  const { page, size } = (query ?? {}) as { readonly page?: string; readonly size?: string };
  return { number: whole(page, 0, 0, 1_000_000), size: whole(size, 20, 1, 2_000) };
}

/** A page as HBS's Spring serialises it, undocumented extras included; `content` is given as JSON texts. */
export function pageJson(request: PageRequest, total: number, content: readonly string[], statusCode: string): string {
  const totalPages = Math.ceil(total / request.size);
  const sort = { sorted: false, unsorted: true, empty: true };
  const rest = JSON.stringify({
    number: request.number,
    size: request.size,
    totalElements: total,
    pageable: {
      sort, pageNumber: request.number, pageSize: request.size, offset: request.number * request.size, paged: true, unpaged: false,
    },
    last: request.number + 1 >= totalPages,
    totalPages,
    first: request.number === 0,
    numberOfElements: content.length,
    empty: content.length === 0,
  });
  return `{"content":[${content.join(',')}],${rest.slice(1, -1)},"StatusCode":${statusCode}}`;
}

function whole(text: string | undefined, fallback: number, least: number, most: number): number {
  const value = text === undefined ? Number.NaN : Number.parseInt(text, 10);
  return Number.isNaN(value) ? fallback : Math.min(Math.max(value, least), most);
}
