import { METER } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { PrismaClient } from '@emp/prisma-authorization-gateway';
import { Providers } from '../../providers.ts';
import { PRISMA } from '../../tokens.ts';

interface Figures {
  readonly held: number;
  readonly refused: number;
  readonly waiting: number;
  readonly repair: number;
}

const FRESH_MS = 10_000;

/** The state of each list, counted when somebody looks, and not more often than every ten seconds. */
@Injectable()
export class ListMetrics {
  #at = -Infinity;
  #last: ReadonlyMap<string, Figures> = new Map();

  constructor(
    private readonly providers: Providers,
    @Inject(PRISMA) private readonly prisma: PrismaClient,
    @Inject(METER) meter: Meter,
  ) {
    const gauges: readonly [string, keyof Figures, string][] = [
      ['authentication_list_records', 'held', 'records that HBS holds, as far as its answers tell'],
      ['authentication_list_refused', 'refused', 'records that HBS does not take, left out of pushes'],
      ['authentication_list_waiting', 'waiting', 'records whose deletion waits for a person'],
      ['authentication_list_uncertain', 'repair', '1 while only a full load may follow'],
    ];
    for (const [name, figure, description] of gauges) {
      meter.createObservableGauge(name, { description }).addCallback(async (gauge) => {
        for (const [provider, figures] of await this.#figures()) gauge.observe(figures[figure], { provider });
      });
    }
  }

  async #figures(): Promise<ReadonlyMap<string, Figures>> {
    if (performance.now() - this.#at > FRESH_MS) {
      const ids = this.providers.uploading.map(({ connectionId }) => connectionId);
      const counted = ids.map(async (id) => [id, await this.#count(id)] as const);
      // With the database away the figures of before are better than a scrape that fails.
      this.#last = await Promise.all(counted).then((entries) => new Map(entries), () => this.#last);
      this.#at = performance.now();
    }
    return this.#last;
  }

  async #count(providerId: string): Promise<Figures> {
    const [held, refused, asked, list] = await Promise.all([
      this.prisma.authenticationRecord.count({ where: { providerId } }),
      this.prisma.authenticationRefusal.count({ where: { providerId } }),
      this.prisma.authenticationPush.findFirst({ where: { providerId, outcome: 'waiting' } }),
      this.prisma.authenticationList.findUnique({ where: { providerId } }),
    ]);
    return { held, refused, waiting: asked?.takesAway ?? 0, repair: list && list.repair === null ? 0 : 1 };
  }
}
