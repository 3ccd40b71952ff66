import { parseOffsetDateTime } from '@emp/kernel';
import { Problem } from '@emp/service-kit';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { AuthorizationsReader, type AuthorizationPage } from './authorizations.reader.ts';
import { ExplainAuthorization, type ExplainedAuthorization } from './explain-authorization.ts';

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 500;

interface Asked {
  readonly rule?: string;
  readonly code?: string;
  readonly from?: string;
  readonly to?: string;
  readonly contractRef?: string;
  readonly cursor?: string;
  readonly limit?: string;
}

@Controller('v1/authorizations')
export class AuthorizationsController {
  constructor(
    private readonly reader: AuthorizationsReader,
    private readonly explanation: ExplainAuthorization,
  ) {}

  /**
   * What was answered to AuthorizeStart about media we know, and by which rule; the newest first. Filters: `rule`,
   * `code`, `contractRef`, `from` (inclusive) and `to`.
   */
  @Get()
  async list(@Query() asked: Asked): Promise<AuthorizationPage> {
    const limit = asked.limit === undefined ? DEFAULT_LIMIT : Number(asked.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LIMIT) {
      throw new Problem(400, 'limit-malformed', `limit is a whole number from 1 to ${LARGEST_LIMIT}`);
    }
    const { rule, code, contractRef } = asked;
    if (code !== undefined && !/^\d{3}$/.test(code)) {
      throw new Problem(400, 'code-malformed', 'code is a status code of OICP, three digits as 000 or 210');
    }
    const filter = { rule, code, contractRef, from: instantIn('from', asked.from), to: instantIn('to', asked.to) };
    const page = await this.reader.page(filter, limit, asked.cursor);
    if (page) return page;
    throw new Problem(400, 'cursor-malformed', 'the cursor is not one of ours: take "next" of the page before');
  }

  /** Takes an AuthorizeStart as HBS would send it. Nothing is authorized by it. */
  @Post('explain')
  @HttpCode(200)
  explain(@Body() body: unknown): Promise<ExplainedAuthorization> {
    return this.explanation.explain(body);
  }
}

function instantIn(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const read = parseOffsetDateTime(text);
  if (read.ok) return new Date(read.value.epochMillis);
  throw new Problem(400, `${name}-malformed`, `${name} is an ISO 8601 date-time with offset, as 2026-05-01T00:00:00Z`);
}
