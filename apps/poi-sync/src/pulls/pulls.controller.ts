import { LOG, Problem, type Log } from '@emp/service-kit';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PULL_KINDS, type PullKind, type PullRun } from './pull-run.ts';
import { PullRunStore } from './pull-run.store.ts';
import { Pulls } from './pulls.ts';

const MOST_RUNS = 200;

@Controller('v1/pulls')
export class PullsController {
  constructor(
    private readonly pulls: Pulls, private readonly runs: PullRunStore, @Inject(LOG) private readonly log: Log
  ) {}

  /**
   * Pulls now. `wait=true` answers with the run as it ended (502 if it failed), else 202 at once.
   * `removals=allow` lifts the limit on removals for this run.
   */
  @Post(':kind')
  @HttpCode(200)
  async pull(
    @Param('kind') kindText: string,
    @Query('wait') wait: string | undefined,
    @Query('removals') removals: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PullRun | { readonly kind: PullKind; readonly state: 'asked'; readonly progress: string }> {
    const kind = kindOf(kindText);
    if (removals !== undefined && removals !== 'allow') {
      throw new Problem(400, 'query-malformed', 'removals may only be "allow"');
    }
    const ended = this.pulls.of(kind).ask(removals === 'allow' ? 'allowed' : 'limited');
    if (wait !== 'true') {
      ended.catch((error: unknown) => this.log.warn({ pull: kind, err: error }, 'pull not made'));
      void reply.status(202);
      return { kind, state: 'asked', progress: `/v1/pulls?kind=${kind}` };
    }
    const run = await ended;
    if (run.state !== 'complete') {
      throw new Problem(502, 'pull-failed', `pull of ${kind} failed: ${run.error ?? run.state}`, { run });
    }
    return run;
  }

  /** Progress and results, the newest first. */
  @Get()
  async list(
    @Query('kind') kind?: string, @Query('limit') limit?: string
  ): Promise<{ readonly pulls: readonly PullRun[] }> {
    const most = Math.min(Math.max(Number.parseInt(limit ?? '20', 10) || 20, 1), MOST_RUNS);
    return { pulls: await this.runs.list(kind === undefined ? null : kindOf(kind), most) };
  }
}

function kindOf(text: string): PullKind {
  const kind = PULL_KINDS.find((each) => each === text);
  if (kind === undefined) {
    throw new Problem(404, 'pull-unknown', `there is no pull "${text}": ${PULL_KINDS.join(', ')}`);
  }
  return kind;
}
