import { evseKey, operatorKey } from '@emp/oicp';
import { Problem } from '@emp/service-kit';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { countryNamed } from '../domain/country.ts';
import { EvsesStore, type EvseDetail, type ListedEvse } from './evses.store.ts';

const MOST_LISTED = 500;

@Controller('v1/evses')
export class EvsesController {
  constructor(private readonly evses: EvsesStore) {}

  /** One EVSE with its record, findings and status, removed ones included; the id in any spelling. */
  @Get(':evseId')
  async show(@Param('evseId') evseId: string): Promise<EvseDetail> {
    const evse = await this.evses.find(evseKey(evseId));
    if (!evse) throw new Problem(404, 'evse-unknown', `no EVSE ${evseId} was ever listed`);
    return evse;
  }

  /** Listed EVSEs; `operator` in any spelling, `country` as alpha-2 or alpha-3, `cursor` from the page before. */
  @Get()
  async list(
    @Query('operator') operator?: string, @Query('country') country?: string,
    @Query('cursor') cursor?: string, @Query('limit') limitText?: string,
  ): Promise<{ readonly evses: readonly ListedEvse[]; readonly nextCursor: string | null }> {
    const limit = limitOf(limitText);
    const alpha2 = country ? countryNamed(country) : null;
    if (country && alpha2 === null) {
      throw new Problem(400, 'query-malformed', `country "${country}" is no country: alpha-2 or alpha-3 is expected`);
    }
    const evses = await this.evses.list({
      operatorKey: operator ? operatorKey(operator) : null, country: alpha2, after: cursor ?? '', limit,
    });
    return { evses, nextCursor: evses.length === limit ? evses.at(-1)?.evseKey ?? null : null };
  }
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return 50;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new Problem(400, 'query-malformed', `limit "${text}": a whole number from 1 to ${MOST_LISTED} is expected`);
  }
  return Math.min(limit, MOST_LISTED);
}
