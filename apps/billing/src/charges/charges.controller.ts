import type { Database } from '@emp/database';
import { DATABASE, Problem } from '@emp/service-kit';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { pageOf, pageRequest, type PageQuery } from '../paging.ts';
import { findCharge, listCharges, type ChargeSummary } from './charge-list.store.ts';

@Controller('v1/charges')
export class ChargesController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Newest first. `state`: rated or waiting. */
  @Get()
  async list(@Query() query: PageQuery & { readonly state?: string }): Promise<object> {
    const { state } = query;
    if (state !== undefined && state !== 'rated' && state !== 'waiting') {
      throw new Problem(400, 'state-invalid', 'state must be "rated" or "waiting"');
    }
    const { cursor, limit } = pageRequest(query);
    const rows = await listCharges(this.database, { state: state ?? null, before: cursor, limit: limit + 1 });
    const { page, nextCursor } = pageOf<ChargeSummary>(rows, limit, (charge) => charge.chargeId);
    return { charges: page, nextCursor };
  }

  /** With the breakdown of the price, and of the cost. */
  @Get(':sessionId')
  async find(@Param('sessionId') sessionId: string): Promise<object> {
    const charge = await findCharge(this.database, sessionId);
    if (!charge) throw new Problem(404, 'charge-unknown', `no accepted record of session ${sessionId} has arrived here`);
    return charge;
  }
}
