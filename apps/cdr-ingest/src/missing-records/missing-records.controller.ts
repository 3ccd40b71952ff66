import type { PrismaClient } from '@emp/prisma-cdr-ingest';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { z } from 'zod';
import { readQuery } from '../cdrs/read-query.ts';
import { PRISMA } from '../tokens.ts';

const listQuery = z.strictObject({
  state: z.enum(['asking', 'given-up', 'settled']).optional(),
  provider: z.string().optional(),
  operator: z.string().optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** A session whose record was overdue, and what became of it. */
export interface MissingRecordView {
  readonly sessionId: string;
  readonly providerId: string;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  readonly contractRef: string;
  readonly lastHeardAt: string;
  readonly missingSince: string;
  /** `asking`: Hubject is asked for it; `given-up`: often enough; `settled`: it has come. */
  readonly state: string;
  readonly attempts: number;
  readonly lastAttemptAt: string | null;
  /** `found`, `not-there`, or why Hubject could not be asked. */
  readonly lastOutcome: string | null;
  readonly nextAttemptAt: string | null;
  readonly settledAt: string | null;
  /** How it came: `pushed` or `pulled`. */
  readonly settledBy: string | null;
}

/** Sessions without a record, those first that were silent last. */
@Controller('v1/missing-records')
export class MissingRecordsController {
  constructor(@Inject(PRISMA) private readonly prisma: PrismaClient) {}

  @Get()
  async list(@Query() query: unknown): Promise<{ missingRecords: readonly MissingRecordView[]; nextCursor: string | null }> {
    const { state, provider, operator, cursor, limit } = readQuery(listQuery, query);
    const rows = await this.prisma.missingRecord.findMany({
      where: {
        ...(state && { state }), ...(provider && { providerId: provider }), ...(operator && { operatorId: operator }),
      },
      orderBy: [{ missingSince: 'desc' }, { sessionKey: 'asc' }],
      ...(cursor === undefined ? {} : { cursor: { sessionKey: cursor }, skip: 1 }),
      take: limit + 1,
    });
    const page = rows.slice(0, limit);
    return {
      missingRecords: page.map(({ sessionKey: _, missingSince, lastHeardAt, lastAttemptAt, nextAttemptAt, settledAt, ...rest }) => ({
        ...rest, missingSince: missingSince.toISOString(), lastHeardAt: lastHeardAt.toISOString(),
        lastAttemptAt: lastAttemptAt?.toISOString() ?? null, nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
        settledAt: settledAt?.toISOString() ?? null,
      })),
      nextCursor: rows.length > page.length ? page.at(-1)?.sessionKey ?? null : null,
    };
  }
}
