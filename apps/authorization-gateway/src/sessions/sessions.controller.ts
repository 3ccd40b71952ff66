import { Problem } from '@emp/service-kit';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { DoorDesk } from '../door/door-desk.ts';
import { ProviderFigures, type ProviderView } from '../provider-figures/provider-figures.ts';
import { SessionSelection } from './sessions-request.ts';
import { SessionsReader, type ProgressPoint, type SessionPage, type SessionStory } from './sessions.reader.ts';

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 500;

@Controller('v1')
export class SessionsController {
  constructor(
    private readonly reader: SessionsReader,
    private readonly desk: DoorDesk,
    private readonly figures: ProviderFigures,
  ) {}

  /** The newest sessions first; `next` is the cursor of the following page. */
  @Get('sessions')
  async list(@Query() selection: SessionSelection): Promise<SessionPage> {
    const page = await this.reader.page(sizeOf(selection.limit), selection);
    if (page) return page;
    throw new Problem(400, 'cursor-malformed', 'the cursor is not one of ours: take "next" of the page before');
  }

  /** The whole story of one session, in order. */
  @Get('sessions/:sessionId')
  async story(@Param('sessionId') sessionId: string): Promise<SessionStory> {
    return (await this.reader.story(sessionId)) ?? refuseUnknown();
  }

  /** The last points at which a station told how far charging was, oldest first. */
  @Get('sessions/:sessionId/progress')
  async progress(
    @Param('sessionId') sessionId: string,
    @Query('limit') limit?: string,
  ): Promise<{ readonly points: readonly ProgressPoint[] }> {
    return { points: (await this.reader.progress(sessionId, sizeOf(limit))) ?? refuseUnknown() };
  }

  /** `authorizations` counts answers of this process since its start: refusals are not written. */
  @Get('summary')
  async summary(): Promise<{
    readonly authorizations: Readonly<Record<string, number>>;
    readonly sessions: Readonly<Record<string, number>>;
    readonly outbox: { readonly pending: number };
    readonly providers: readonly ProviderView[];
  }> {
    const [sessions, pending, providers] = await Promise.all([
      this.reader.countByState(), this.reader.pendingEvents(), this.figures.read(),
    ]);
    return { authorizations: this.desk.authorizations, sessions, outbox: { pending }, providers };
  }
}

function sizeOf(limit: string | undefined): number {
  const size = limit === undefined ? DEFAULT_LIMIT : Number(limit);
  if (Number.isInteger(size) && size >= 1 && size <= LARGEST_LIMIT) return size;
  throw new Problem(400, 'limit-malformed', `limit is a whole number from 1 to ${LARGEST_LIMIT}`);
}

function refuseUnknown(): never {
  throw new Problem(404, 'session-unknown', 'we neither authorized nor heard of a session with this id');
}
