import { LOG, Problem, type Log } from '@emp/service-kit';
import { Controller, Get, Headers, Inject, Param, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { FollowReader } from './follow-reader.ts';
import { SessionFeed } from './session-feed.ts';
import { SessionStream } from './session-stream.ts';

@Controller('v1')
export class SessionEventsController {
  constructor(
    private readonly feed: SessionFeed,
    private readonly reader: FollowReader,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * Follows a session by server-sent events: `session` as it stands, every `change`, and `closed` after its record.
   * `Last-Event-ID` resumes after that change, on any replica; 204 if there is nothing more to come.
   */
  @Get('sessions/:sessionId/events')
  @ApiProduces('text/event-stream')
  async follow(
    @Param('sessionId') sessionId: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const stream = new SessionStream({ feed: this.feed, reader: this.reader, log: this.log }, sessionId, reply.raw);
    // First a follower, then a reader: what happens in between is told twice rather than never.
    stream.join();
    try {
      const snapshot = await this.reader.snapshot(sessionId);
      if (!snapshot) {
        throw new Problem(404, 'session-unknown', 'we neither authorized nor heard of a session with this id');
      }
      const seen = /^\d{1,9}$/.test(lastEventId ?? '') ? Number(lastEventId) : undefined;
      // A number we never gave is none of this session.
      const resumeAfter = seen !== undefined && seen <= snapshot.number ? seen : undefined;
      if (snapshot.view.state === 'closed' && resumeAfter === snapshot.number) {
        stream.leave();
        await reply.status(204).send();
        return;
      }
      if (stream.over || reply.raw.destroyed) throw new Problem(503, 'stopping', 'this replica is stopping; ask again');
      reply.hijack();
      stream.begin(snapshot, resumeAfter);
    } catch (error) {
      stream.leave();
      throw error;
    }
  }
}
