import type { Readable } from 'node:stream';
import type { Database } from '@emp/database';
import { messageOf, newId } from '@emp/kernel';
import { Caller, DATABASE, Problem, type CallerIdentity } from '@emp/service-kit';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiBody, ApiConsumes, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ImportLinesHandler } from './import-lines.handler.ts';
import {
  beginImport,
  readImport,
  readImports,
  readRefusals,
  type ImportView,
  type RefusedLine,
} from './imports.store.ts';
import { HeaderFault, type ImportFormat, type ImportKind } from './line-reader.ts';

const FORMATS: Readonly<Record<string, ImportFormat>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
};

class ImportRequest {
  @IsIn(['contracts', 'cards'])
  declare readonly kind: ImportKind;

  @ApiProperty({
    type: Number,
    required: false,
    description: 'pass over lines up to here: `lastLine` of an import of the same file that was interrupted',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  readonly afterLine: number = 0;
}

class ListRequest {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly limit: number = 100;
}

class RefusalsRequest extends ListRequest {
  @ApiProperty({ type: Number, required: false, description: '`next` of the page before' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  readonly cursor: number = 0;
}

@ApiTags('imports')
@Controller('v1/imports')
export class ImportsController implements OnModuleInit {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly handler: ImportLinesHandler,
    private readonly adapter: HttpAdapterHost,
  ) {}

  /** These bodies are not read before the handler does. */
  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.addContentTypeParser(Object.keys(FORMATS), (_, payload, done) => done(null, payload));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Register contracts or cards from a file of any length, sent as it is read',
    description:
      'Answers when the file is taken; meanwhile the list of imports shows how far it is. A line that cannot be ' +
      'taken is refused with its number and reasons, the others are kept. Send the same file again whenever in doubt.',
  })
  @ApiConsumes(...Object.keys(FORMATS))
  @ApiBody({ schema: { type: 'string', description: 'CSV with a header row, or one JSON object per line' } })
  async import(
    @Query() { kind, afterLine }: ImportRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Caller() caller: CallerIdentity,
  ): Promise<ImportView> {
    const format = FORMATS[request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''];
    if (!format) {
      throw new Problem(415, 'format-unknown', `Content-Type is one of ${Object.keys(FORMATS).join(', ')}`);
    }
    const importId = newId();
    await beginImport(this.database, { importId, kind, format, caller: caller.name, lastLine: afterLine });
    void reply.header('location', `/v1/imports/${importId}`);
    try {
      await this.handler.run({ importId, kind, format, afterLine, stream: request.body as Readable });
    } catch (error) {
      // What is still on its way is not read any more.
      void reply.header('connection', 'close');
      if (error instanceof HeaderFault) throw new Problem(400, 'header-unknown', error.message, { importId });
      throw new Problem(503, 'import-interrupted', `the import was interrupted: ${messageOf(error)}`, { importId });
    }
    return this.one(importId);
  }

  @Get()
  @ApiOperation({ summary: 'Imports, newest first' })
  async list(@Query() { limit }: ListRequest): Promise<{ readonly imports: readonly ImportView[] }> {
    return { imports: await readImports(this.database, limit) };
  }

  @Get(':importId')
  @ApiOperation({ summary: 'How far an import is' })
  async one(@Param('importId') importId: string): Promise<ImportView> {
    const view = await readImport(this.database, importId.replaceAll('\0', ''));
    if (view) return view;
    throw new Problem(404, 'import-unknown', 'no import has this id; GET /v1/imports lists them');
  }

  @Get(':importId/refusals')
  @ApiOperation({ summary: 'Lines that were refused, in order, with their reasons; never with what stood on them' })
  async refusals(
    @Param('importId') importId: string,
    @Query() { cursor, limit }: RefusalsRequest,
  ): Promise<{ readonly refusals: readonly RefusedLine[]; readonly next: number | null }> {
    await this.one(importId);
    const refusals = await readRefusals(this.database, importId, { afterLine: cursor, limit });
    return { refusals, next: refusals.length === limit ? (refusals.at(-1)?.line ?? null) : null };
  }
}
