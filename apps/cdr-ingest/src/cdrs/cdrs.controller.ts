import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import type { PrismaClient } from '@emp/prisma-cdr-ingest';
import { CLOCK, DATABASE, Problem, RequireScope } from '@emp/service-kit';
import type { Vault } from '@emp/vault';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { PRISMA, VAULT } from '../tokens.ts';
import { selectionParameters } from './cdr-selection.ts';
import type { CdrDetailView, CdrLineView } from './cdr-view.ts';
import { findCdr, listCdrs } from './cdrs.reader.ts';
import { fingerprintOf } from './identification-search.ts';
import { readBody, readQuery } from './read-query.ts';
import { readSummary, type CdrSummary } from './summary.ts';

const page = { cursor: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(500).default(50) };
const listQuery = z.strictObject({ ...selectionParameters, ...page });
/** Numbers of cards and contracts are asked for in a body: a URL is written into logs. */
const searchBody = z.strictObject({
  ...selectionParameters, ...page, uid: z.string().trim().min(1).max(60).optional(), contractId: z.string().trim().min(1).max(60).optional(),
});

interface CdrPage {
  readonly cdrs: readonly CdrLineView[];
  readonly nextCursor: string | null;
}

/** Charge detail records, for people and for other parts of the company. */
@Controller('v1')
export class CdrsController {
  constructor(
    @Inject(PRISMA) readonly prisma: PrismaClient,
    @Inject(DATABASE) readonly database: Database,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Newest first: by any id, operator, provider, state, finding, verdict, and by time of receipt or of the session. */
  @Get('cdrs')
  list(@Query() query: unknown): Promise<CdrPage> {
    const { cursor, limit, ...selection } = readQuery(listQuery, query);
    return listCdrs(this, selection, { cursor, limit });
  }

  /** The same, and by the number of a card (`uid`) or a contract (`contractId`), which is compared by its keyed hash. */
  @Post('cdrs/search')
  @HttpCode(200)
  @RequireScope('read')
  search(@Body() body: unknown): Promise<CdrPage> {
    const { cursor, limit, uid, contractId, ...selection } = readBody(searchBody, body);
    return listCdrs(this, { ...selection, fingerprint: fingerprintOf(this.vault, { uid, contractId }) }, { cursor, limit });
  }

  @Get('cdrs/:sessionId')
  async one(@Param('sessionId') sessionId: string): Promise<CdrDetailView> {
    const cdr = await findCdr(this.prisma, sessionId);
    if (!cdr) throw new Problem(404, 'cdr-unknown', `no charge detail record came for session ${sessionId}`);
    return cdr;
  }

  @Get('summary')
  summary(): Promise<CdrSummary> {
    return readSummary(this.database, this.clock.now());
  }
}
