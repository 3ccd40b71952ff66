import type { Transaction } from '@emp/database';
import { BodyOf, Problem } from '@emp/service-kit';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { Idempotent, KeptAnswer, type AnswerKeeper } from '../../idempotency/idempotent.ts';
import { Providers } from '../../providers.ts';
import { MOST_CONTRACTS, contractsBody, readContracts, type Rejection } from './contracts-request.ts';
import { RegisterContractsHandler, type Registered } from './register-contracts.handler.ts';

@Controller('v1/contracts')
export class RegisterContractsController {
  constructor(
    private readonly handler: RegisterContractsHandler,
    private readonly providers: Providers,
  ) {}

  /** Idempotent by contractId and uid; cards not named stay as they are. */
  @Post()
  @HttpCode(200)
  @Idempotent()
  @BodyOf(contractsBody, 'one that cannot be taken costs only itself: see `rejected` of the answer')
  async register(
    @Body() body: unknown,
    @KeptAnswer() kept: AnswerKeeper,
  ): Promise<Registered & { readonly rejected: readonly Rejection[] }> {
    const contracts: unknown =
      typeof body === 'object' && body !== null && 'contracts' in body ? body.contracts : undefined;
    if (!Array.isArray(contracts))
      throw new Problem(400, 'contracts-missing', 'a JSON object with a list "contracts" is expected');
    if (contracts.length > MOST_CONTRACTS) {
      throw new Problem(
        413,
        'too-many-contracts',
        `at most ${MOST_CONTRACTS} contracts in one request, this one has ${contracts.length}`,
      );
    }
    const request = readContracts(contracts, this.providers);
    const answerOf = (registered: Registered): Registered & { readonly rejected: readonly Rejection[] } => ({
      ...registered,
      rejected: request.rejected,
    });
    const alongside = (tx: Transaction, registered: Registered): Promise<void> => kept.keep(tx, answerOf(registered));
    return answerOf(await this.handler.register(request.contracts, { alongside }));
  }
}
