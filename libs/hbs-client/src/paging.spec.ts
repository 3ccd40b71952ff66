import { walkPages, type PageEnd } from './paging.ts';

async function walk(pages: readonly (PageEnd & { readonly rejected?: number })[], firstPage?: number): Promise<number[]> {
  const seen: number[] = [];
  const walked = walkPages(async (number) => {
    const end = pages[number];
    if (end === undefined) throw new Error(`page ${number} was asked for although the end had been told`);
    return { page: number, end, rejected: end.rejected ?? 0 };
  }, firstPage);
  for await (const number of walked) seen.push(number);
  return seen;
}

describe('walkPages', () => {
  it('stops at the page that says it is the last', async () => {
    expect(await walk([{ content: [1], last: false }, { content: [1], last: true, totalPages: 9 }])).toEqual([0, 1]);
  });

  it('stops at an empty page when the network shrank under its feet', async () => {
    expect(await walk([{ content: [1], totalPages: 9 }, { content: [], totalPages: 9 }])).toEqual([0, 1]);
  });

  it('stops at the announced number of pages, as it is announced by then', async () => {
    expect(await walk([{ content: [1], totalPages: 1 + 1 }, { content: [1], totalPages: 3 }, { content: [1], totalPages: 3 }]))
      .toEqual([0, 1, 2]);
  });

  it('goes on after a page of which no record could be read', async () => {
    expect(await walk([{ content: [], rejected: 3 }, { content: [1], last: true }])).toEqual([0, 1]);
  });

  it('goes on in the middle, where an interrupted walk stopped', async () => {
    expect(await walk([{ content: [1] }, { content: [1] }, { content: [1] }, { content: [1], last: true }], 2)).toEqual([2, 3]);
  });
});
