import { METER } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import { SessionsReader } from './sessions.reader.ts';

const FRESH_MS = 10_000;

/** Sessions by state, counted when somebody looks, and not more often than every ten seconds. */
@Injectable()
export class SessionMetrics {
  #counted: { readonly at: number; readonly states: Readonly<Record<string, number>> } = { at: -Infinity, states: {} };

  constructor(private readonly reader: SessionsReader, @Inject(METER) meter: Meter) {
    meter.createObservableGauge('sessions', { description: 'sessions by state' }).addCallback(async (gauge) => {
      for (const [state, count] of Object.entries(await this.#states())) gauge.observe(count, { state });
    });
  }

  async #states(): Promise<Readonly<Record<string, number>>> {
    if (performance.now() - this.#counted.at > FRESH_MS) {
      // With the database away the figures of before are better than a scrape that fails.
      const states = await this.reader.countByState().catch(() => this.#counted.states);
      this.#counted = { at: performance.now(), states };
    }
    return this.#counted.states;
  }
}
