import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { Caller, CLOCK, DATABASE, type CallerIdentity } from '@emp/service-kit';
import type { Vault } from '@emp/vault';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { z } from 'zod';
import { readQuery } from '../cdrs/read-query.ts';
import { CASE_STATES } from '../domain/case.ts';
import { VAULT } from '../tokens.ts';
import type { CaseOrder } from './case-decision.ts';
import { listCases } from './case-list.reader.ts';
import { recordUnknown } from './case-problems.ts';
import { viewCase, type CaseView } from './case-view.ts';
import type { CaseRow } from './case-row.ts';
import { DecideCase } from './decide-case.handler.ts';
import { CorrectRequest, ReasonRequest, ResolveConflictRequest } from './requests.ts';
import { etagOf, revisionSeen, type Reply } from './revision.ts';

const hours = z.coerce.number().min(0).max(100_000).optional();
const name = z.string().min(1).max(100).optional();
const listQuery = z.object({
  state: z.enum(CASE_STATES).optional(), code: name, operator: name, provider: name, evse: name,
  olderThanHours: hours, youngerThanHours: hours,
  cursor: z.string().min(1).max(400).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const HOUR_MS = 3_600_000;

interface CasePage {
  readonly cases: readonly Omit<CaseRow, 'sessionKey'>[];
  readonly nextCursor: string | null;
}

/** The workplace for records that a person must settle. Whoever acts says which revision they saw, and why. */
@Controller('v1')
export class QuarantineController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DecideCase) private readonly decideCase: DecideCase,
  ) {}

  /** The oldest first; without a `state` all. */
  @Get('quarantine')
  async list(@Query() query: unknown): Promise<CasePage> {
    const { olderThanHours, youngerThanHours, ...filter } = readQuery(listQuery, query);
    const since = (ageHours: number | undefined): Date | undefined =>
      (ageHours === undefined ? undefined : new Date(this.clock.now().getTime() - ageHours * HOUR_MS));
    const { cases, nextCursor } = await listCases(this.database, {
      ...filter, openedBefore: since(olderThanHours), openedAfter: since(youngerThanHours),
    });
    return { cases: cases.map(({ sessionKey: _, ...line }) => line), nextCursor };
  }

  /** Its ETag is the revision to act upon. */
  @Get('quarantine/:sessionId')
  async one(@Param('sessionId') sessionId: string, @Res({ passthrough: true }) reply: Reply): Promise<CaseView> {
    const view = await viewCase(this.database, this.vault, sessionId);
    if (!view) throw recordUnknown(sessionId);
    reply.header('etag', etagOf(view.revision));
    return view;
  }

  /** Checks once more with all that is known now; accepts if nothing forbids it any more. */
  @Post('quarantine/:sessionId/recheck')
  @HttpCode(200)
  recheck(
    @Param('sessionId') sessionId: string, @Headers('if-match') seen: string | undefined,
    @Body() { reason }: ReasonRequest,
    @Caller() caller: CallerIdentity, @Res({ passthrough: true }) reply: Reply,
  ): Promise<CaseView> {
    return this.act(reply, { sessionId, seen, reason, caller }, { kind: 'recheck' });
  }

  /** Accepts although the checks object. */
  @Post('quarantine/:sessionId/accept')
  @HttpCode(200)
  accept(
    @Param('sessionId') sessionId: string, @Headers('if-match') seen: string | undefined,
    @Body() { reason }: ReasonRequest,
    @Caller() caller: CallerIdentity, @Res({ passthrough: true }) reply: Reply,
  ): Promise<CaseView> {
    return this.act(reply, { sessionId, seen, reason, caller }, { kind: 'accept' });
  }

  /** Will not be billed; one that was accepted is withdrawn. The record stays. */
  @Post('quarantine/:sessionId/reject')
  @HttpCode(200)
  reject(
    @Param('sessionId') sessionId: string, @Headers('if-match') seen: string | undefined,
    @Body() { reason }: ReasonRequest,
    @Caller() caller: CallerIdentity, @Res({ passthrough: true }) reply: Reply,
  ): Promise<CaseView> {
    return this.act(reply, { sessionId, seen, reason, caller }, { kind: 'reject' });
  }

  /** Replaces members and accepts; the record's own text stays as it came. */
  @Post('quarantine/:sessionId/correct')
  @HttpCode(200)
  correct(
    @Param('sessionId') sessionId: string, @Headers('if-match') seen: string | undefined,
    @Body() request: CorrectRequest,
    @Caller() caller: CallerIdentity, @Res({ passthrough: true }) reply: Reply,
  ): Promise<CaseView> {
    const { reason, members, acceptFindings = [] } = request;
    const order = { kind: 'correct', members: { ...members }, acceptFindings } as const;
    return this.act(reply, { sessionId, seen, reason, caller }, order);
  }

  /** Says which version is right. */
  @Post('quarantine/:sessionId/resolve-conflict')
  @HttpCode(200)
  resolveConflict(
    @Param('sessionId') sessionId: string, @Headers('if-match') seen: string | undefined,
    @Body() request: ResolveConflictRequest,
    @Caller() caller: CallerIdentity, @Res({ passthrough: true }) reply: Reply,
  ): Promise<CaseView> {
    const { reason, version, acceptFindings = [] } = request;
    return this.act(reply, { sessionId, seen, reason, caller }, { kind: 'resolve-conflict', version, acceptFindings });
  }

  /** Corrects a record that had been accepted, whether or not there ever was a case. */
  @Post('cdrs/:sessionId/corrections')
  @HttpCode(200)
  correctAccepted(
    @Param('sessionId') sessionId: string, @Headers('if-match') seen: string | undefined,
    @Body() request: CorrectRequest,
    @Caller() caller: CallerIdentity, @Res({ passthrough: true }) reply: Reply,
  ): Promise<CaseView> {
    return this.correct(sessionId, seen, request, caller, reply);
  }

  private async act(
    reply: Reply,
    { sessionId, seen, reason, caller }: {
      readonly sessionId: string; readonly seen: string | undefined; readonly reason: string;
      readonly caller: CallerIdentity;
    },
    order: CaseOrder,
  ): Promise<CaseView> {
    await this.decideCase.decide({ sessionId, revision: revisionSeen(seen), caller: caller.name, reason, order });
    return this.one(sessionId, reply);
  }
}
