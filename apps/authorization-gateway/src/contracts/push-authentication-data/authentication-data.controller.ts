import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import {
  BodyOf, Caller, CLOCK, DATABASE, LOG, Problem, readBody, type CallerIdentity, type Log,
} from '@emp/service-kit';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { Providers, type ProviderConnection } from '../../providers.ts';
import {
  AuthenticationDataReader, type DifferenceCursor, type DifferenceView, type RefusedView,
} from './authentication-data.reader.ts';
import {
  DecisionRequest, decodePlace, encodePlace, ListPageRequest, pushRequest,
} from './authentication-data.requests.ts';
import type { RunReport } from './list-run.ts';
import { FINE, PushAuthenticationDataJob, type ListResult } from './push-authentication-data.job.ts';
import { decide, type Verdict } from './question.store.ts';

@Controller('v1/authentication-data')
export class AuthenticationDataController {
  constructor(
    private readonly reader: AuthenticationDataReader,
    private readonly job: PushAuthenticationDataJob,
    private readonly providers: Providers,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** The uploaded lists: what HBS holds, what differs now, the last pushes, what waits for a person. */
  @Get()
  async show() {
    const { last } = this.job;
    return {
      providers: await Promise.all(this.providers.uploading.map(async (connection) =>
        ({ ...(await this.reader.show(connection)), lastRun: last[connection.connectionId] ?? null }))),
    };
  }

  /** What differs now, by our references. */
  @Get(':providerId/differences')
  async differences(
    @Param('providerId') providerId: string, @Query() { action, limit, cursor }: ListPageRequest,
  ): Promise<{ readonly differences: readonly DifferenceView[]; readonly next: string | null }> {
    const after = decodePlace(cursor, 3) as DifferenceCursor | undefined;
    const page = { limit, ...(action === undefined ? {} : { action }), ...(after === undefined ? {} : { after }) };
    const { differences, last } = await this.reader.differences(this.#list(providerId), page);
    return { differences, next: last === undefined ? null : encodePlace(last) };
  }

  /** Records that HBS does not take: left out until they change, or until somebody asks for a full load. */
  @Get(':providerId/refused')
  async refused(
    @Param('providerId') providerId: string, @Query() { limit, cursor }: ListPageRequest,
  ): Promise<{ readonly refused: readonly RefusedView[]; readonly next: string | null }> {
    const after = decodePlace(cursor, 2) as readonly [string, string] | undefined;
    const { connectionId } = this.#list(providerId);
    const page = { limit, ...(after === undefined ? {} : { after }) };
    const { refused, last } = await this.reader.refused(connectionId, page);
    return { refused, next: last === undefined ? null : encodePlace(last) };
  }

  /** Now: what differs, or everything. 409 while another replica is at it, 502 if HBS did not accept. */
  @Post('push')
  @HttpCode(200)
  @BodyOf(pushRequest)
  async push(@Body() body: unknown): Promise<{ readonly lists: readonly RunReport[] }> {
    const { action, providerId } = readBody(pushRequest, body ?? undefined);
    const list = providerId === undefined ? undefined : this.#list(providerId).connectionId;
    return { lists: reportsOf(await this.job.pushNow(action, list)) };
  }

  /** A push that takes away much may go. */
  @Post('pushes/:id/confirm')
  @HttpCode(200)
  confirm(@Param('id') id: string, @Body() { reason }: DecisionRequest, @Caller() caller: CallerIdentity) {
    return this.#decide(id, 'confirmed', { by: caller.name, reason });
  }

  /** It stays: HBS keeps holding these records, and nobody is asked again unless they become more. */
  @Post('pushes/:id/reject')
  @HttpCode(200)
  reject(@Param('id') id: string, @Body() { reason }: DecisionRequest, @Caller() caller: CallerIdentity) {
    return this.#decide(id, 'rejected', { by: caller.name, reason });
  }

  async #decide(
    id: string, verdict: Verdict, given: { readonly by: string; readonly reason: string },
  ): Promise<{ readonly id: string; readonly decision: Verdict; readonly lists: readonly RunReport[] }> {
    const providerId = await decide(this.database, id, { ...given, verdict, at: this.clock.now() });
    if (providerId === undefined) {
      throw new Problem(409, 'nothing-waits', `no push with the id ${id.slice(0, 40)} waits for a word (any more)`);
    }
    this.log.info({ providerId, pushId: id, verdict, by: given.by }, 'card list decided');
    return { id, decision: verdict, lists: reportsOf(await this.job.pushNow('difference', providerId)) };
  }

  #list(providerId: string): ProviderConnection {
    const connectionId = this.providers.answersAs(providerId);
    const list = this.providers.uploading.find((one) => one.connectionId === connectionId);
    if (list) return list;
    throw new Problem(404, 'no-such-list', 'no list is uploaded for this provider: its id and mode are in PROVIDERS');
  }
}

function reportsOf(results: readonly ListResult[]): readonly RunReport[] {
  const lists = results.map(({ outcome, detail }) => {
    if (outcome === 'held-elsewhere') {
      throw new Problem(409, 'push-under-way', 'another replica is pushing at this moment');
    }
    if (outcome === 'failed' || detail === null || typeof detail === 'string') {
      throw new Problem(500, 'push-failed', 'the push broke off; the log tells why');
    }
    return detail;
  });
  const failed = lists.filter(({ outcome }) => !FINE.includes(outcome));
  if (failed.length === 0) return lists;
  const what = failed.map(({ providerId, outcome, pushes }) => {
    const code = pushes.at(-1)?.statusCode;
    return `${providerId}: ${outcome}${code ? ` (${code})` : ''}`;
  });
  throw new Problem(502, 'push-not-accepted', `HBS did not take the card list of ${what.join(', ')}`, { lists });
}
