import type { PrismaClient } from '@emp/prisma-authorization-gateway';
import { Problem } from '@emp/service-kit';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Providers } from '../../providers.ts';
import { PRISMA } from '../../tokens.ts';
import { PushAuthenticationDataJob, type PushReport } from './push-authentication-data.job.ts';

const SHOWN_PUSHES = 20;
/** Nothing went wrong when there was nothing to do. */
const FINE: readonly string[] = ['accepted', 'unchanged', 'nothing-to-push'];

@Controller('v1/authentication-data')
export class AuthenticationDataController {
  constructor(
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    private readonly job: PushAuthenticationDataJob,
    private readonly providers: Providers,
  ) {}

  /** The offline providers with their last pushes, newest first, and the last run of the job here. */
  @Get()
  async show(): Promise<{ readonly providers: readonly unknown[]; readonly lastRun: unknown }> {
    const providers = await Promise.all(
      this.providers.offline.map(async ({ providerId }) => ({
        providerId,
        pushes: (
          await this.prisma.authenticationPush.findMany({
            where: { providerId },
            orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
            take: SHOWN_PUSHES,
          })
        ).map(({ providerId: _, ...push }) => push),
      })),
    );
    return { providers, lastRun: this.job.last };
  }

  /** Uploads the card lists now. 409 while another replica is at it, 502 if HBS did not accept one. */
  @Post('push')
  @HttpCode(200)
  async push(): Promise<{ readonly pushes: readonly PushReport[] }> {
    const { outcome, detail } = await this.job.pushNow();
    if (outcome === 'held-elsewhere')
      throw new Problem(409, 'push-under-way', 'another replica is pushing at this moment');
    if (outcome === 'failed' || !Array.isArray(detail))
      throw new Problem(500, 'push-failed', 'the push broke off; the log tells why');
    const pushes = detail as readonly PushReport[];
    const refused = pushes.filter((push) => !FINE.includes(push.outcome));
    if (refused.length === 0) return { pushes };
    const what = refused.map(
      ({ providerId, outcome: why, statusCode }) =>
        `${providerId}: ${why}${statusCode === null ? '' : ` (${statusCode})`}`,
    );
    throw new Problem(502, 'push-not-accepted', `HBS did not take the card list of ${what.join(', ')}`, { pushes });
  }
}
