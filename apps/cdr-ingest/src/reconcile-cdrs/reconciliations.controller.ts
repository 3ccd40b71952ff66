import type { PrismaClient } from '@emp/prisma-cdr-ingest';
import { Problem } from '@emp/service-kit';
import { Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { readQuery } from '../cdrs/read-query.ts';
import { PRISMA } from '../tokens.ts';
import { ReconciliationJob } from './reconciliation-job.ts';
import { lastReconciliations, oneReconciliation, type ReconciliationView } from './reconciliations.reader.ts';

const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });
const requestQuery = z.object({ wait: z.stringbool().default(false) });

/** Pulls of records from Hubject: ask for one, see how they went. */
@Controller('v1/reconciliations')
export class ReconciliationsController {
  constructor(
    @Inject(ReconciliationJob) private readonly job: ReconciliationJob,
    @Inject(PRISMA) private readonly prisma: PrismaClient,
  ) {}

  /** Pulls now, or joins the run under way: 202 with its id. With `?wait=true` a fresh run: 200 and its result. */
  @Post()
  async request(
    @Query() query: unknown, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReconciliationView | { reconciliationId: string }> {
    const { wait } = readQuery(requestQuery, query);
    if (wait) await this.job.idle(); // Whoever waits wants what is there now; a run under way may have passed it by.
    const { reconciliationId, begun, ended } = this.job.request();
    await (wait ? ended : begun);
    const view = await oneReconciliation(this.prisma, reconciliationId);
    if (view) {
      void reply.status(wait ? 200 : 202).header('location', `/v1/reconciliations/${reconciliationId}`);
      return wait ? view : { reconciliationId };
    }
    if ((await ended).outcome === 'held-elsewhere') {
      const detail = 'another replica is pulling at this moment; see GET /v1/reconciliations';
      throw new Problem(409, 'reconciliation-running', detail);
    }
    throw new Problem(503, 'reconciliation-failed', `the pull did not begin: ${String((await ended).detail)}`);
  }

  /** The last runs, newest first. */
  @Get()
  async list(@Query() query: unknown): Promise<{ reconciliations: readonly ReconciliationView[] }> {
    const { limit } = readQuery(listQuery, query);
    return { reconciliations: await lastReconciliations(this.prisma, limit) };
  }

  @Get(':reconciliationId')
  async one(@Param('reconciliationId') reconciliationId: string): Promise<ReconciliationView> {
    const view = await oneReconciliation(this.prisma, reconciliationId);
    if (!view) throw new Problem(404, 'reconciliation-unknown', `there is no reconciliation ${reconciliationId}`);
    return view;
  }
}
