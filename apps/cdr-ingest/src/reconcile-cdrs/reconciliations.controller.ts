import type { PrismaClient } from '@emp/prisma-cdr-ingest';
import { Problem } from '@emp/service-kit';
import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { readBody, readQuery } from '../cdrs/read-query.ts';
import { PRISMA } from '../tokens.ts';
import { PullOrderRequest } from './pull-order.request.ts';
import { Reconciliations } from './reconciliations.ts';
import { lastReconciliations, oneReconciliation, type ReconciliationView } from './reconciliations.reader.ts';

const listQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  kind: z.enum(['regular', 'sweep', 'window', 'sessions']).optional(),
});
const requestQuery = z.strictObject({ wait: z.stringbool().default(false) });

/** Pulls of records from Hubject: ask for one, see how they went. */
@Controller('v1/reconciliations')
export class ReconciliationsController {
  constructor(
    @Inject(Reconciliations) private readonly reconciliations: Reconciliations,
    @Inject(PullOrderRequest) private readonly orders: PullOrderRequest,
    @Inject(PRISMA) private readonly prisma: PrismaClient,
  ) {}

  /**
   * Pulls now, or joins the run under way: 202 with its id. With `?wait=true` a fresh run: 200 and its result. The body
   * may name a `kind`, a `providerId`, a window `from`, `to`, or `sessionIds`.
   */
  @Post()
  async request(
    @Query() query: unknown, @Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReconciliationView | { reconciliationId: string }> {
    const { wait } = readQuery(requestQuery, query);
    const order = this.orders.orderOf(readBody(PullOrderRequest.schema, body));
    const job = this.reconciliations.jobOf(order);
    if (wait) await job.idle(); // Whoever waits wants what is there now; a run under way may have passed it by.
    if (job.running && order.kind !== 'regular') throw running('such a pull is under way in this service');
    const { reconciliationId, begun, ended } = job.request(order);
    await (wait ? ended : begun);
    const view = await oneReconciliation(this.prisma, reconciliationId);
    if (view) {
      void reply.status(wait ? 200 : 202).header('location', `/v1/reconciliations/${reconciliationId}`);
      return wait ? view : { reconciliationId };
    }
    if ((await ended).outcome === 'held-elsewhere') throw running('another replica is pulling at this moment');
    throw new Problem(503, 'reconciliation-failed', `the pull did not begin: ${String((await ended).detail)}`);
  }

  /** The last runs, newest first. */
  @Get()
  async list(@Query() query: unknown): Promise<{ reconciliations: readonly ReconciliationView[] }> {
    const { limit, kind } = readQuery(listQuery, query);
    return { reconciliations: await lastReconciliations(this.prisma, limit, kind) };
  }

  @Get(':reconciliationId')
  async one(@Param('reconciliationId') reconciliationId: string): Promise<ReconciliationView> {
    const view = await oneReconciliation(this.prisma, reconciliationId);
    if (!view) throw new Problem(404, 'reconciliation-unknown', `there is no reconciliation ${reconciliationId}`);
    return view;
  }
}

const running = (what: string): Problem => new Problem(409, 'reconciliation-running', `${what}; see GET /v1/reconciliations`);
