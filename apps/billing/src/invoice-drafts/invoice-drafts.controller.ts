import type { Database } from '@emp/database';
import { DATABASE, Problem } from '@emp/service-kit';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { pageOf, pageRequest, type PageQuery } from '../paging.ts';
import { findDraft, linesOf, listDrafts } from './invoice-draft.store.ts';

/** What will become invoices. Numbers, issuing and credit notes come with the invoice run. */
@Controller('v1/invoice-drafts')
export class InvoiceDraftsController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Newest first. */
  @Get()
  async list(@Query() query: PageQuery & { readonly contractRef?: string }): Promise<object> {
    const { cursor, limit } = pageRequest(query);
    const rows = await listDrafts(this.database, { before: cursor, contractRef: query.contractRef ?? null, limit: limit + 1 });
    const { page, nextCursor } = pageOf(rows, limit, (draft) => draft.id);
    return { invoiceDrafts: page, nextCursor };
  }

  /** With a page of its lines. */
  @Get(':id')
  async find(@Param('id') id: string, @Query() query: PageQuery): Promise<object> {
    const { cursor, limit } = pageRequest(query);
    const draft = await findDraft(this.database, id);
    if (!draft) throw new Problem(404, 'invoice-draft-unknown', `there is no invoice draft ${id}`);
    const { page, nextCursor } = pageOf(await linesOf(this.database, id, cursor ?? '', limit + 1), limit, (line) => line.chargeId);
    return { ...draft, lines: page, nextCursor };
  }
}
