import type { Database } from '@emp/database';
import { Decimal } from '@emp/money';
import { DATABASE } from '@emp/service-kit';
import { Controller, Get, Inject } from '@nestjs/common';

type ByCurrency = Readonly<Record<string, string>>;

export interface BillingSummary {
  /** Rated ones. */
  readonly charges: number;
  readonly waiting: number;
  readonly waitingByReason: Readonly<Record<string, number>>;
  /** Net, by currency. */
  readonly revenue: ByCurrency;
  readonly cost: ByCurrency;
  /** Revenue minus cost of the charges that have a cost in their own currency. */
  readonly margin: ByCurrency;
  /** Rated charges that the margin does not cover. */
  readonly chargesOutsideMargin: number;
  readonly chargesWithoutCost: number;
  /** Of rated charges. */
  readonly energyKwh: string;
}

@Controller('v1/summary')
export class SummaryController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  async summary(): Promise<BillingSummary> {
    const groups = await this.database.query<{
      currency: string; cost_currency: string | null; charges: number; revenue: string; cost: string | null; energy: string;
    }>(`SELECT currency, cost_currency, count(*)::int AS charges, sum(net) AS revenue, sum(cost_net) AS cost, sum(energy_kwh) AS energy
        FROM charge WHERE state = 'rated' GROUP BY currency, cost_currency`);
    const waiting = await this.database.query<{ reason: string; count: number }>(
      `SELECT waiting_reason AS reason, count(*)::int AS count FROM charge WHERE state = 'waiting' GROUP BY 1 ORDER BY 1`);
    const covered = groups.filter((group) => group.cost_currency === group.currency);
    return {
      charges: total(groups), waiting: waiting.reduce((sum, { count }) => sum + count, 0),
      waitingByReason: Object.fromEntries(waiting.map(({ reason, count }) => [reason, count])),
      revenue: sums(groups.map((group) => [group.currency, group.revenue])),
      cost: sums(groups.map((group) => [group.cost_currency, group.cost])),
      margin: sums(covered.flatMap((group) => [[group.currency, group.revenue], [group.currency, negated(group.cost)]])),
      chargesOutsideMargin: total(groups) - total(covered),
      chargesWithoutCost: total(groups.filter((group) => group.cost_currency === null)),
      energyKwh: Decimal.sum(groups.map((group) => Decimal.parse(group.energy))).toString(),
    };
  }
}

const total = (groups: readonly { readonly charges: number }[]): number => groups.reduce((sum, { charges }) => sum + charges, 0);

const negated = (amount: string | null): string | null => (amount === null ? null : Decimal.parse(amount).negate().toString());

function sums(amounts: readonly (readonly (string | null)[])[]): ByCurrency {
  const byCurrency = new Map<string, Decimal>();
  for (const [currency, amount] of amounts) {
    if (!currency || !amount) continue;
    byCurrency.set(currency, (byCurrency.get(currency) ?? Decimal.zero).plus(Decimal.parse(amount)));
  }
  return Object.fromEntries([...byCurrency].map(([currency, sum]) => [currency, sum.toString()]));
}
