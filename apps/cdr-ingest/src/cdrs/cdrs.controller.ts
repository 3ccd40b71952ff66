import type { Database } from '@emp/database';
import type { PrismaClient } from '@emp/prisma-cdr-ingest';
import { DATABASE, Problem } from '@emp/service-kit';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { PRISMA } from '../tokens.ts';
import type { CdrDetailView, CdrLineView } from './cdr-view.ts';
import { findCdr, listCdrs } from './cdrs.reader.ts';
import { instantParameter } from './instant-parameter.ts';
import { readQuery } from './read-query.ts';
import { readSummary, type CdrSummary } from './summary.ts';

const listQuery = z.object({
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  state: z.enum(['accepted', 'quarantined', 'conflict']).optional(),
  from: instantParameter.optional(),
  to: instantParameter.optional(),
});

/** Charge detail records, for people and for other parts of the company. */
@Controller('v1')
export class CdrsController {
  constructor(
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** Newest first; `from` and `to` are instants of receipt. */
  @Get('cdrs')
  list(@Query() query: unknown): Promise<{ cdrs: readonly CdrLineView[]; nextCursor: string | null }> {
    return listCdrs(this.prisma, readQuery(listQuery, query));
  }

  @Get('cdrs/:sessionId')
  async one(@Param('sessionId') sessionId: string): Promise<CdrDetailView> {
    const cdr = await findCdr(this.prisma, sessionId);
    if (!cdr) throw new Problem(404, 'cdr-unknown', `no charge detail record came for session ${sessionId}`);
    return cdr;
  }

  @Get('summary')
  summary(): Promise<CdrSummary> {
    return readSummary(this.database);
  }
}
