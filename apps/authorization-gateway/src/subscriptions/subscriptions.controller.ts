import type { Database } from '@emp/database';
import { messageOf } from '@emp/kernel';
import { operatorKey, parseOperatorId } from '@emp/oicp';
import { DATABASE, LOG, Problem, type Log } from '@emp/service-kit';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { CardIndexKeeper } from '../contracts/card-index/card-index-keeper.ts';
import { Providers } from '../providers.ts';
import { readSubscribed, writeSubscribed } from './subscriptions.store.ts';

const MOST_OPERATORS = 10_000;

export interface SubscriptionsView {
  readonly providerId: string;
  /** `all` = nothing is listed, so that every operator is taken. */
  readonly subscribed: 'all' | 'listed';
  readonly operators: readonly string[];
}

/** With which operators a provider has an agreement (OICP §18.6): drivers are not sent to others. */
@Controller('v1/subscriptions')
export class SubscriptionsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
    private readonly providers: Providers,
    private readonly keeper: CardIndexKeeper,
  ) {}

  @Get(':providerId')
  async read(@Param('providerId') given: string): Promise<SubscriptionsView> {
    return viewOf(this.#providerOf(given), await readSubscribed(this.database, this.#providerOf(given)));
  }

  /** `{operators: ["DE*ABC", …]}` replaces the list; an empty one takes every operator. */
  @Put(':providerId')
  async write(@Param('providerId') given: string, @Body() body: unknown): Promise<SubscriptionsView> {
    const providerId = this.#providerOf(given);
    const operators = operatorsIn(body);
    await this.database.transaction(async (tx) => {
      await writeSubscribed(tx, providerId, operators);
      await this.keeper.announceSubscriptions(tx);
    });
    await this.keeper.refreshSubscriptions().catch((error: unknown) => {
      this.log.warn({ reason: messageOf(error) }, 'subscriptions not yet known at the door');
    });
    this.log.info({ providerId, operators: operators.size }, 'subscriptions written');
    return this.read(providerId);
  }

  #providerOf(given: string): string {
    const provider = this.providers.find(given);
    if (provider) return provider.providerId;
    throw new Problem(404, 'provider-unknown', 'not one of our providers: they are named in PROVIDERS');
  }
}

const viewOf = (providerId: string, operators: readonly string[]): SubscriptionsView => ({
  providerId,
  subscribed: operators.length === 0 ? 'all' : 'listed',
  operators,
});

/** Operator ids by key: two spellings of one operator are one. */
function operatorsIn(body: unknown): ReadonlyMap<string, string> {
  const list: unknown = typeof body === 'object' && body !== null && 'operators' in body ? body.operators : undefined;
  if (!Array.isArray(list) || list.length > MOST_OPERATORS) {
    const detail = `a JSON object with a list "operators" of at most ${MOST_OPERATORS} operator ids is expected`;
    throw new Problem(400, 'operators-missing', detail);
  }
  const operators = new Map<string, string>();
  for (const [index, value] of list.entries()) {
    const operatorId = parseOperatorId(typeof value === 'string' ? value : '');
    if (!operatorId.ok) {
      throw new Problem(400, 'operator-id-malformed', `/operators/${index}: ${operatorId.refusal.detail}`);
    }
    operators.set(operatorKey(operatorId.value), operatorId.value);
  }
  return operators;
}
