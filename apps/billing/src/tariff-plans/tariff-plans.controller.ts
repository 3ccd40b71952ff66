import type { Database } from '@emp/database';
import { parseOffsetDateTime } from '@emp/kernel';
import { DATABASE, Problem } from '@emp/service-kit';
import { readTariff, tariffDocument } from '@emp/tariff';
import { Body, Controller, Get, Inject, Param, Put, Query } from '@nestjs/common';
import { pageOf, pageRequest, type PageQuery } from '../paging.ts';
import { PutTariffPlan } from './put-tariff-plan.ts';
import { listPlans } from './tariff-plan.store.ts';

@Controller('v1/tariff-plans')
export class TariffPlansController {
  constructor(
    @Inject(PutTariffPlan) private readonly putTariffPlan: PutTariffPlan,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** Body: a tariff (see @emp/tariff), and `validFrom` beside its members if the version shall not begin now. */
  @Put(':id')
  async put(@Param('id') id: string, @Body() body: unknown): Promise<object> {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/.test(id)) {
      throw new Problem(422, 'plan-id-invalid', 'the id of a plan has up to 50 letters, digits, points, hyphens and underscores');
    }
    const { validFrom, ...document } = isObject(body) ? body : { validFrom: undefined };
    const reading = readTariff(isObject(body) ? document : body);
    const problems = reading.ok ? [] : [...reading.problems];
    const instant = instantOf(validFrom);
    if (instant === 'malformed') problems.push({ pointer: '/validFrom', message: 'must be an RFC 3339 instant with its offset, such as "2026-12-01T00:00:00+01:00"' });
    if (!reading.ok || instant === 'malformed') {
      throw new Problem(422, 'tariff-invalid', problems.map(({ pointer, message }) => `${pointer || 'the tariff'}: ${message}`).join('; '), { problems });
    }
    const put = await this.putTariffPlan.put({ id, tariff: reading.tariff, validFrom: instant });
    if (!put.ok) throw new Problem(409, put.refusal.reason, put.refusal.detail);
    return { id, ...put.value, tariff: tariffDocument(reading.tariff) };
  }

  @Get()
  async list(@Query() query: PageQuery): Promise<object> {
    const { cursor, limit } = pageRequest(query);
    const { page, nextCursor } = pageOf(await listPlans(this.database, cursor ?? '', limit + 1), limit, (plan) => plan.id);
    return {
      tariffPlans: page.map(({ id, versions }) => ({
        id, versions: versions.map((row) => ({ version: row.version, validFrom: row.valid_from, createdAt: row.created_at, tariff: row.tariff })),
      })),
      nextCursor,
    };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function instantOf(value: unknown): Date | null | 'malformed' {
  if (value === undefined || value === null) return null;
  const read = typeof value === 'string' ? parseOffsetDateTime(value) : undefined;
  return read?.ok && read.value.offsetMinutes !== null ? new Date(read.value.epochMillis) : 'malformed';
}
