import type { Database } from '@emp/database';
import { DATABASE, Job, LOG, METER, type Log } from '@emp/service-kit';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import { expireOld } from './idempotency.store.ts';

const EVERY_MS = 10 * 60_000;

/** Forgets answers after a day. */
@Injectable()
export class ExpireAnswersJob implements OnModuleDestroy {
  readonly #job: Job<{ readonly expired: number }>;

  constructor(@Inject(DATABASE) database: Database, @Inject(LOG) log: Log, @Inject(METER) meter: Meter) {
    this.#job = new Job({
      name: 'expire-answers',
      everyMs: EVERY_MS,
      database,
      log,
      meter,
      work: async (signal) => ({ expired: await expireOld(database, signal) }),
    });
  }

  runNow(): ReturnType<Job<{ readonly expired: number }>['runNow']> {
    return this.#job.runNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#job.stop();
  }
}
