/**
 * Whether every record was on one of the pages. HBS promises no snapshot (OICP §2.10): a record that is added while we
 * walk pushes others to the next page, where they come again; one that goes pulls others to a page already read, where
 * they are missed.
 */
export class PageWalk {
  #before: number | undefined;
  #shrank = false;

  /** What a page says about the size of the network. */
  saw(totalElements: number | undefined): void {
    if (totalElements === undefined) return;
    if (this.#before !== undefined && totalElements < this.#before) this.#shrank = true;
    this.#before = totalElements;
  }

  get shrank(): boolean {
    return this.#shrank;
  }
}
