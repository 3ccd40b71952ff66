import type { Database } from '@emp/database';
import { DATABASE, Problem } from '@emp/service-kit';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { pageOf, pageRequest, type PageQuery } from '../paging.ts';
import { CHARGE_STATES, findCharge, listCharges, type ChargeSummary } from './charge-list.store.ts';

@Controller('v1/charges')
export class ChargesController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Newest first; without a `state` those that count. */
  @Get()
  async list(@Query() query: PageQuery & { readonly state?: string }): Promise<object> {
    const state = CHARGE_STATES.find((one) => one === query.state);
    if (query.state !== undefined && !state) {
      throw new Problem(400, 'state-invalid', `state must be one of ${CHARGE_STATES.join(', ')}`);
    }
    const { cursor, limit } = pageRequest(query);
    const rows = await listCharges(this.database, { state: state ?? null, before: cursor, limit: limit + 1 });
    const { page, nextCursor } = pageOf<ChargeSummary>(rows, limit, (charge) => charge.chargeId);
    return { charges: page, nextCursor };
  }

  /** With the breakdown of the price, and of the cost; `ledger`: what was charged and taken back. */
  @Get(':sessionId')
  async find(@Param('sessionId') sessionId: string): Promise<object> {
    const charge = await findCharge(this.database, sessionId);
    if (!charge) throw new Problem(404, 'charge-unknown', `no accepted record of session ${sessionId} has arrived here`);
    return charge;
  }
}
