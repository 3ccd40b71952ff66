import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { CLOCK, DATABASE, LOG, Problem, type Log } from '@emp/service-kit';
import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { changeFacts } from '../rate-cdr/billing-facts-lock.ts';
import { pageOf, pageRequest, type PageQuery } from '../paging.ts';
import { closeDraft, findDraft, linesOf, listDrafts } from './invoice-draft.store.ts';

/** What will become invoices. Numbers, issuing and credit notes come with the invoice run. */
@Controller('v1/invoice-drafts')
export class InvoiceDraftsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

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

  /** For good: what is rated later goes into the next draft of the month, and what is taken back is credited there. */
  @Post(':id/close')
  @HttpCode(200)
  async close(@Param('id') id: string): Promise<object> {
    const draft = await this.database.transaction(async (tx) => {
      await changeFacts(tx); // nobody is putting a line into it at this moment
      return closeDraft(tx, id, this.clock.now());
    });
    if (!draft) throw new Problem(404, 'invoice-draft-unknown', `there is no invoice draft ${id}`);
    this.log.info({ invoiceDraftId: id, lines: draft.lineCount, net: draft.net, currency: draft.currency }, 'invoice draft closed');
    return draft;
  }
}
