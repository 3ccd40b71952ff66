import { Problem } from '@emp/service-kit';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AuthorizationSelection } from './authorizations-request.ts';
import { AuthorizationsReader, type AuthorizationPage } from './authorizations.reader.ts';
import { ExplainAuthorization, type ExplainedAuthorization } from './explain-authorization.ts';

const DEFAULT_LIMIT = 50;

@ApiTags('authorizations')
@Controller('v1/authorizations')
export class AuthorizationsController {
  constructor(
    private readonly reader: AuthorizationsReader,
    private readonly explanation: ExplainAuthorization,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What was answered to AuthorizeStart about media we know, and why; the newest first' })
  async list(@Query() selection: AuthorizationSelection): Promise<AuthorizationPage> {
    const { rule, code, contractRef, from, to, cursor, limit } = selection;
    const filter = { rule, code, contractRef, from: instantOf(from), to: instantOf(to) };
    const page = await this.reader.page(filter, Number(limit ?? DEFAULT_LIMIT), cursor);
    if (page) return page;
    throw new Problem(400, 'cursor-malformed', 'the cursor is not one of ours: take "next" of the page before');
  }

  @Post('explain')
  @HttpCode(200)
  @ApiOperation({ summary: 'What we would answer now to this AuthorizeStart, by which rule; nothing is authorized' })
  @ApiBody({ schema: { type: 'object' }, description: 'eRoamingAuthorizeStart as HBS sends it; SessionID may be left out' })
  explain(@Body() body: unknown): Promise<ExplainedAuthorization> {
    return this.explanation.explain(body);
  }
}

const instantOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));
