import { Controller, Get } from '@nestjs/common';
import { PullRunStore } from '../pulls/pull-run.store.ts';
import type { Duplicate, PullRun } from '../pulls/pull-run.ts';
import { SummaryStore, type NetworkFigures } from './summary.store.ts';

export interface Summary extends NetworkFigures {
  /** Of the last complete pull: code → number of records that have it. */
  readonly findings: Readonly<Record<string, number>>;
  readonly duplicates: readonly Duplicate[];
  /** The last pull of EVSE data, whatever became of it. */
  readonly lastPull: PullRun | null;
  readonly lastStatusPull: PullRun | null;
  readonly lastPricingPull: PullRun | null;
}

@Controller('v1/summary')
export class SummaryController {
  constructor(private readonly summary: SummaryStore, private readonly runs: PullRunStore) {}

  @Get()
  async show(): Promise<Summary> {
    const [network, complete, lastPull, lastStatusPull, lastPricingPull] = await Promise.all([
      this.summary.network(), this.runs.lastComplete('evse-data'),
      this.runs.last('evse-data'), this.runs.last('evse-status'), this.runs.last('pricing'),
    ]);
    return {
      ...network, findings: complete?.findings ?? {}, duplicates: complete?.duplicates ?? [],
      lastPull, lastStatusPull, lastPricingPull,
    };
  }
}
