import { Readable } from 'node:stream';
import type { Database } from '@emp/database';
import { newId, type Clock } from '@emp/kernel';
import { CLOCK, DATABASE, LOG, Problem, RequireScope, type Log } from '@emp/service-kit';
import type { Vault } from '@emp/vault';
import { Body, Controller, Get, Inject, Param, Post, Query, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { selectionParameters, type CdrSelection } from '../cdrs/cdr-selection.ts';
import { fingerprintOf } from '../cdrs/identification-search.ts';
import { readBody, readQuery } from '../cdrs/read-query.ts';
import { VAULT } from '../tokens.ts';
import { exportedText } from './export-stream.ts';
import { beginExport, endExport, lastExports, readExport, type ExportRun } from './export-store.ts';
import { CONTENT_TYPES, type ExportFormat } from './write-rows.ts';

const format = z.enum(['csv', 'ndjson']).default('csv');
const exportQuery = z.strictObject({ ...selectionParameters, format });
const exportBody = z.strictObject({
  ...selectionParameters, format, uid: z.string().trim().max(60).optional(), contractId: z.string().trim().max(60).optional(),
});
const listQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) });

/** Selections of records as a file, streamed: a million rows cost no more memory than a thousand. */
@Controller('v1')
export class ExportsController implements BeforeApplicationShutdown {
  readonly #open = new Map<Promise<void>, FastifyReply>();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** The records that `GET /v1/cdrs` finds with the same parameters, all of them. */
  @Get('cdrs/export')
  async fetch(@Query() query: unknown, @Res() reply: FastifyReply): Promise<void> {
    const { format: form, ...selection } = readQuery(exportQuery, query);
    await this.send(form, selection, selection, reply);
  }

  /** The same, and by the number of a card or a contract. */
  @Post('cdrs/export')
  @RequireScope('read')
  async fetchByNumber(@Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    const { format: form, uid, contractId, ...selection } = readBody(exportBody, body);
    const fingerprint = fingerprintOf(this.vault, { uid, contractId });
    const noted = { ...selection, ...(fingerprint === undefined ? {} : { identification: uid === undefined ? 'contractId' : 'uid' }) };
    await this.send(form, { ...selection, fingerprint }, noted, reply);
  }

  @Get('exports')
  async list(@Query() query: unknown): Promise<{ exports: readonly ExportRun[] }> {
    return { exports: await lastExports(this.database, readQuery(listQuery, query).limit) };
  }

  /** How far an export has come; its id is in the header `X-Export-Id`. */
  @Get('exports/:exportId')
  async one(@Param('exportId') exportId: string): Promise<ExportRun> {
    const run = await readExport(this.database, exportId);
    if (!run) throw new Problem(404, 'export-unknown', `there is no export ${exportId}`);
    return run;
  }

  /** A reader who is slow does not keep the service from stopping. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const reply of this.#open.values()) reply.raw.destroy();
    await Promise.all(this.#open.keys());
  }

  private async send(
    form: ExportFormat, selection: CdrSelection, noted: Readonly<Record<string, unknown>>, reply: FastifyReply,
  ): Promise<void> {
    const id = newId();
    const gone = new AbortController();
    const text = exportedText({ database: this.database, clock: this.clock }, { id, format: form, selection, signal: gone.signal });
    const ended = new Promise<void>((resolve) => {
      reply.raw.on('close', () => {
        gone.abort();
        void this.leave(id, text).finally(resolve);
      });
    });
    this.#open.set(ended, reply);
    void ended.then(() => this.#open.delete(ended));
    await beginExport(this.database, { id, format: form, selection: noted }, this.clock.now());
    this.log.info({ exportId: id, format: form, selection: noted }, 'export begun');
    const stream = Readable.from(text, { objectMode: false, highWaterMark: 1 });
    stream.on('error', (error) => {
      if (!gone.signal.aborted) this.log.error({ exportId: id, err: error }, 'export failed');
    });
    void reply
      .header('x-export-id', id)
      .header('content-type', CONTENT_TYPES[form])
      .header('content-disposition', `attachment; filename="charge-detail-records-${id}.${form}"`);
    await reply.send(stream);
  }

  /** The answer is over. Whoever went before the first row left an export that never began. */
  private async leave(id: string, text: AsyncGenerator<string>): Promise<void> {
    try {
      await text.return(undefined);
      await endExport(this.database, id, { state: 'aborted', rows: 0, error: null, now: this.clock.now() });
    } catch (error) {
      this.log.warn({ exportId: id, err: error }, 'end of an export not noted');
    }
  }
}
