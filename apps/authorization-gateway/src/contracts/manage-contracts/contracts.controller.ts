import type { Database } from '@emp/database';
import { BodyOf, Caller, DATABASE, RequireScope, readBody, type CallerIdentity } from '@emp/service-kit';
import { Body, Controller, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Idempotent, KeptAnswer, type AnswerKeeper } from '../../idempotency/idempotent.ts';
import { ContractRecords } from '../register-contracts/contract-records.ts';
import { ChangeContractHandler, contractUnknown } from './change-contract.handler.ts';
import { contractLookup, contractWish } from './contract-wish.ts';
import { ContractsReader, type ContractDetail, type ContractPage } from './contracts.reader.ts';
import { ContractsRequest } from './list-request.ts';
import type { Showing } from './masked.ts';

@ApiTags('contracts')
@Controller('v1/contracts')
export class ContractsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly reader: ContractsReader,
    private readonly handler: ChangeContractHandler,
    private readonly records: ContractRecords,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Contracts, newest first', description: 'Numbers are masked without the scope `secrets`.' })
  list(@Query() request: ContractsRequest, @Caller() caller: CallerIdentity): Promise<ContractPage> {
    return this.reader.page(this.database, request, showingTo(caller));
  }

  @Post('lookup')
  @HttpCode(200)
  @RequireScope('read')
  @ApiOperation({ summary: 'A contract by its contractId (EvcoID), which has no place in a URL' })
  @BodyOf(contractLookup)
  lookup(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<ContractDetail> {
    const { contractId } = readBody(contractLookup, body);
    return this.one(this.records.contractRefOf(contractId), caller);
  }

  @Get(':contractRef')
  @ApiOperation({ summary: 'One contract with its rules, credit and stop media' })
  async one(@Param('contractRef') contractRef: string, @Caller() caller: CallerIdentity): Promise<ContractDetail> {
    const contract = await this.reader.one(this.database, wellFormed(contractRef), showingTo(caller));
    if (contract) return contract;
    throw contractUnknown();
  }

  @Patch(':contractRef')
  @Idempotent()
  @ApiOperation({ summary: 'Block, free, end a contract; change plan, rules, credit, PIN; what is absent stays' })
  @BodyOf(contractWish)
  async change(
    @Param('contractRef') contractRef: string,
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @KeptAnswer() kept: AnswerKeeper,
  ): Promise<ContractDetail> {
    return this.handler.change(wellFormed(contractRef), readBody(contractWish, body), caller, kept);
  }
}

export const showingTo = (caller: CallerIdentity): Showing => (caller.has('secrets') ? 'clear' : 'masked');

/** PostgreSQL takes no NUL in a text, and no reference of ours has one. */
export const wellFormed = (reference: string): string => reference.replaceAll('\0', '');
