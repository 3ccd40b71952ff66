import type { PrismaClient } from '@emp/prisma-cdr-ingest';
import { Problem } from '@emp/service-kit';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { PRISMA } from '../tokens.ts';
import { tellStory, type SessionStory } from './story.reader.ts';

/** A session from the tap to the invoice, for whoever has its SessionID and a question. */
@Controller('v1/cdrs')
export class StoryController {
  constructor(@Inject(PRISMA) private readonly prisma: PrismaClient) {}

  @Get(':sessionId/story')
  async story(@Param('sessionId') sessionId: string): Promise<SessionStory> {
    const story = await tellStory(this.prisma, sessionId);
    if (!story) throw new Problem(404, 'session-unknown', `nothing is known of session ${sessionId}`);
    return story;
  }
}
