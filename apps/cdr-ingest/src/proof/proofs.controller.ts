import type { Database } from '@emp/database';
import { DATABASE, Problem } from '@emp/service-kit';
import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { readQuery } from '../cdrs/read-query.ts';
import { isTimeZone, proofDay } from '../domain/proof-day.ts';
import type { ProofTotals } from '../domain/proof.ts';
import { ProofDesk, type ShownProof } from './proof-desk.ts';
import { proofPage } from './proof-page.ts';
import { lastSnapshots } from './proof-store.ts';

const dayQuery = z.strictObject({
  zone: z.string().refine(isTimeZone, 'an IANA time zone is expected, e.g. Europe/Berlin').optional(),
  provider: z.string().optional(),
  operator: z.string().optional(),
});
const listQuery = z.strictObject({
  before: z.iso.date().optional(),
  limit: z.coerce.number().int().min(1).max(400).default(31),
});

/** Of each day: what was authorized, received, accepted and billed, and what does not fit. */
@Controller('v1/proofs')
export class ProofsController {
  constructor(
    @Inject(ProofDesk) private readonly desk: ProofDesk,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** The days that were proven, newest first. */
  @Get()
  async list(@Query() query: unknown): Promise<{
    proofs: readonly { day: string; zone: string; takenAt: string; closedAt: string | null; totals: ProofTotals; reasons: object }[];
  }> {
    const snapshots = await lastSnapshots(this.database, { before: undefined, ...readQuery(listQuery, query) });
    return {
      proofs: snapshots.map(({ day, zone, takenAt, closedAt, proof: { totals, reasons } }) =>
        ({ day, zone, takenAt: takenAt.toISOString(), closedAt: closedAt?.toISOString() ?? null, totals, reasons })),
    };
  }

  /** One day, as it is known now, and what changed since it was closed. As a page for `Accept: text/html` or `….html`. */
  @Get(':day')
  async one(
    @Param('day') name: string, @Query() query: unknown, @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownProof | string> {
    const { zone = this.desk.zone, provider: providerId, operator: operatorId } = readQuery(dayQuery, query);
    const [text, form] = name.split(/\.(html|json)$/);
    const day = proofDay(text ?? '', zone);
    if (!day) throw new Problem(400, 'day-malformed', 'a day is expected in the path, e.g. /v1/proofs/2026-05-01 or /v1/proofs/2026-05-01.html');
    const shown = await this.desk.show(day, { providerId, operatorId });
    if (!shown) throw new Problem(404, 'proof-unknown', `nothing is known of ${day.day} any more: its proof was never kept`);
    const page = form === 'html' || (form === undefined && prefersHtml(accept));
    if (page) void reply.type('text/html; charset=utf-8').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
    return page ? proofPage(shown) : shown;
  }
}

function prefersHtml(accept = ''): boolean {
  const [html, json] = [accept.indexOf('text/html'), accept.indexOf('application/json')];
  return html >= 0 && (json < 0 || html < json);
}
