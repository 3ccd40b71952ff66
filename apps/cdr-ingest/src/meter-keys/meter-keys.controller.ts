import type { MeterKey, PrismaClient } from '@emp/prisma-cdr-ingest';
import { evseKey } from '@emp/oicp';
import { BodyOf, Caller, Problem, type CallerIdentity } from '@emp/service-kit';
import {
  Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Query, type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readQuery } from '../cdrs/read-query.ts';
import { PRISMA } from '../tokens.ts';
import { meterKeysBody, readMeterKeys, type RejectedKey } from './meter-key.request.ts';
import { KeyRegistry } from './register-keys.ts';

const listQuery = z.object({
  evseId: z.string().max(60).optional(), meterId: z.string().max(100).optional(), operatorId: z.string().max(20).optional(),
  fingerprint: z.string().max(64).optional(), origin: z.enum(['import', 'hand', 'first-use']).optional(),
  cursor: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(500).default(50),
});
const revokeQuery = z.object({ reason: z.string().trim().max(500).optional() });

export interface MeterKeyPage {
  readonly keys: readonly MeterKey[];
  readonly nextCursor: string | null;
}

export interface RegisteredKeys {
  readonly registered: number;
  /** Records in quarantine that were checked again. */
  readonly rechecked: number;
  readonly rejected: readonly RejectedKey[];
}

/** Public keys of meters: whose signature a signed metering value is. */
@ApiTags('meter keys')
@Controller('v1/meter-keys')
export class MeterKeysController implements OnModuleInit {
  constructor(
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(KeyRegistry) private readonly registry: KeyRegistry,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    const asText = { parseAs: 'string', bodyLimit: 8 * 1024 * 1024 } as const;
    fastify.addContentTypeParser(['text/csv', 'application/x-ndjson'], asText, (_request, body, done) => done(null, body));
  }

  @Get()
  @ApiOperation({ summary: 'Keys of meters, the newest first, revoked ones and those of first use too' })
  async list(@Query() query: unknown): Promise<MeterKeyPage> {
    const { evseId, meterId, operatorId, fingerprint, origin, cursor, limit } = readQuery(listQuery, query);
    const rows = await this.prisma.meterKey.findMany({
      where: {
        ...(evseId === undefined ? {} : { evseKey: evseKey(evseId) }), ...(meterId === undefined ? {} : { meterId }),
        ...(operatorId === undefined ? {} : { operatorId }), ...(fingerprint === undefined ? {} : { fingerprint }),
        ...(origin === undefined ? {} : { origin }), ...(cursor === undefined ? {} : { id: { lt: cursor } }),
      },
      orderBy: { id: 'desc' }, take: limit + 1,
    });
    const keys = rows.slice(0, limit);
    return { keys, nextCursor: rows.length > limit ? keys.at(-1)?.id ?? null : null };
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Register keys',
    description: 'JSON (`hand`), or CSV with a header or NDJSON of the same members (`import`). Idempotent by place and key.',
  })
  @BodyOf(meterKeysBody)
  async register(
    @Body() body: unknown, @Headers('content-type') contentType: string, @Caller() caller: CallerIdentity,
  ): Promise<RegisteredKeys> {
    const { keys, rejected } = readMeterKeys(body, contentType, caller.name);
    const rechecked = keys.length === 0 ? 0 : await this.registry.register(keys);
    return { registered: keys.length, rechecked, rejected };
  }

  @Delete(':id')
  @ApiOperation({ summary: 'Revoke a key', description: 'It stays as evidence; what it signs is quarantined from now on.' })
  async revoke(
    @Param('id') id: string, @Query() query: unknown, @Caller() caller: CallerIdentity,
  ): Promise<{ readonly revoked: string; readonly rechecked: number }> {
    const { reason } = readQuery(revokeQuery, query);
    const rechecked = await this.registry.revoke(id, reason ?? null, caller.name);
    if (rechecked === undefined) throw new Problem(404, 'meter-key-unknown', `there is no meter key ${id.slice(0, 60)}`);
    return { revoked: id, rechecked };
  }
}
