import type { Database } from '@emp/database';
import { messageOf } from '@emp/kernel';
import { operatorKey, parseOperatorId } from '@emp/oicp';
import { DATABASE, LOG, Problem, type Log } from '@emp/service-kit';
import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsString } from 'class-validator';
import { CardIndexKeeper } from '../contracts/card-index/card-index-keeper.ts';
import { Providers } from '../providers.ts';
import { readSubscribed, writeSubscribed } from './subscriptions.store.ts';

const MOST_OPERATORS = 10_000;

/** `PUT /v1/subscriptions/:providerId`. */
export class OperatorsToSubscribe {
  /** Operator ids in any spelling; none = every operator is taken. */
  @IsArray()
  @ArrayMaxSize(MOST_OPERATORS)
  @IsString({ each: true })
  readonly operators!: readonly string[];
}

export interface SubscriptionsView {
  readonly providerId: string;
  /** `all` = nothing is listed, so that every operator is taken. */
  readonly subscribed: 'all' | 'listed';
  readonly operators: readonly string[];
}

/** With which operators a provider has an agreement (OICP §18.6): drivers are not sent to others. */
@ApiTags('subscriptions')
@Controller('v1/subscriptions')
export class SubscriptionsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
    private readonly providers: Providers,
    private readonly keeper: CardIndexKeeper,
  ) {}

  @Get(':providerId')
  @ApiOperation({ summary: 'The operators a provider has an agreement with' })
  async read(@Param('providerId') given: string): Promise<SubscriptionsView> {
    return viewOf(this.#providerOf(given), await readSubscribed(this.database, this.#providerOf(given)));
  }

  @Put(':providerId')
  @ApiOperation({ summary: 'Replaces them, on every replica at once; an empty list takes every operator' })
  async write(@Param('providerId') given: string, @Body() body: OperatorsToSubscribe): Promise<SubscriptionsView> {
    const providerId = this.#providerOf(given);
    const operators = operatorsIn(body.operators);
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
function operatorsIn(list: readonly string[]): ReadonlyMap<string, string> {
  const operators = new Map<string, string>();
  for (const [index, text] of list.entries()) {
    const operatorId = parseOperatorId(text);
    if (!operatorId.ok) {
      throw new Problem(400, 'operator-id-malformed', `/operators/${index}: ${operatorId.refusal.detail}`);
    }
    operators.set(operatorKey(operatorId.value), operatorId.value);
  }
  return operators;
}
