import type { Database } from '@emp/database';
import { BodyOf, Caller, DATABASE, RequireScope, readBody, type CallerIdentity } from '@emp/service-kit';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Idempotent, KeptAnswer, type AnswerKeeper } from '../../idempotency/idempotent.ts';
import { showingTo, wellFormed } from '../manage-contracts/contracts.controller.ts';
import { cardLookup, cardWish, newCard } from '../manage-contracts/contract-wish.ts';
import { CardsRequest } from '../manage-contracts/list-request.ts';
import { ContractRecords } from '../register-contracts/contract-records.ts';
import { CardsReader, type CardPage, type CardView } from './cards.reader.ts';
import { ChangeCardHandler, cardUnknown } from './change-card.handler.ts';

@ApiTags('cards')
@Controller('v1')
export class CardsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly reader: CardsReader,
    private readonly handler: ChangeCardHandler,
    private readonly records: ContractRecords,
  ) {}

  @Get('contracts/:contractRef/cards')
  @ApiOperation({ summary: 'Cards of a contract, newest first', description: 'Masked without the scope `secrets`.' })
  list(
    @Param('contractRef') contractRef: string,
    @Query() request: CardsRequest,
    @Caller() caller: CallerIdentity,
  ): Promise<CardPage> {
    return this.reader.page(this.database, wellFormed(contractRef), request, showingTo(caller));
  }

  @Post('contracts/:contractRef/cards')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Give a contract a card', description: 'Again with the same UID: takes the new facts.' })
  @BodyOf(newCard)
  async add(
    @Param('contractRef') contractRef: string,
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @KeptAnswer() kept: AnswerKeeper,
  ): Promise<CardView> {
    return this.handler.add(wellFormed(contractRef), readBody(newCard, body), caller, kept);
  }

  @Post('cards/lookup')
  @HttpCode(200)
  @RequireScope('read')
  @ApiOperation({ summary: 'A card by its UID, which has no place in a URL' })
  @BodyOf(cardLookup)
  async lookup(@Body() body: unknown, @Caller() caller: CallerIdentity): Promise<CardView> {
    return this.one(this.records.cardRefOf(readBody(cardLookup, body).uid), caller);
  }

  @Get('cards/:cardRef')
  @ApiOperation({ summary: 'One card' })
  async one(@Param('cardRef') cardRef: string, @Caller() caller: CallerIdentity): Promise<CardView> {
    const card = await this.reader.one(this.database, wellFormed(cardRef), showingTo(caller));
    if (card) return card;
    throw cardUnknown();
  }

  @Patch('cards/:cardRef')
  @Idempotent()
  @ApiOperation({ summary: 'Block, free, end or move a card; what is absent stays' })
  @BodyOf(cardWish)
  async change(
    @Param('cardRef') cardRef: string,
    @Body() body: unknown,
    @Caller() caller: CallerIdentity,
    @KeptAnswer() kept: AnswerKeeper,
  ): Promise<CardView> {
    return this.handler.change(wellFormed(cardRef), readBody(cardWish, body), caller, kept);
  }

  @Delete('cards/:cardRef')
  @Idempotent()
  @ApiOperation({ summary: 'End a card now; it stays known, for the records of its sessions' })
  end(
    @Param('cardRef') cardRef: string,
    @Caller() caller: CallerIdentity,
    @KeptAnswer() kept: AnswerKeeper,
  ): Promise<CardView> {
    return this.handler.end(wellFormed(cardRef), caller, kept);
  }
}
