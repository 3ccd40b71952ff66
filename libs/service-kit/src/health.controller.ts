import { asyncApiDocument } from '@emp/events';
import { messageOf } from '@emp/kernel';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { OpenToAll } from './access/access.guard.ts';
import type { Metrics } from './metrics.ts';
import { Problem } from './problem.ts';

/** A named condition of readiness: resolves when it holds, rejects with why it does not. */
export type HealthChecks = Readonly<Record<string, () => Promise<unknown>>>;

export const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');
export const METRICS = Symbol('METRICS');

const PATIENCE_MS = 2_000;

/** Open to all: probes and scrapers have no keys, and what documents the service is no secret. */
@OpenToAll()
@Controller()
export class HealthController {
  readonly #checks: HealthChecks;
  readonly #metrics: Metrics;

  constructor(@Inject(HEALTH_CHECKS) checks: HealthChecks, @Inject(METRICS) metrics: Metrics) {
    this.#checks = checks;
    this.#metrics = metrics;
  }

  /** Liveness: the process answers. A broken dependency is no reason to restart it. */
  @Get('health/live')
  live(): { status: 'alive' } {
    return { status: 'alive' };
  }

  /** Readiness: every dependency answers within two seconds. */
  @Get('health/ready')
  async ready(): Promise<{ status: 'ready'; checks: Record<string, 'ok'> }> {
    const verdicts = await Promise.all(
      Object.entries(this.#checks).map(async ([name, check]) => [name, await verdictOf(check)] as const),
    );
    const checks = Object.fromEntries(verdicts);
    const broken = verdicts.filter(([, verdict]) => verdict !== 'ok').map(([name]) => name);
    if (broken.length > 0) throw new Problem(503, 'not-ready', `not ready: ${broken.join(', ')}`, { checks });
    return { status: 'ready', checks: checks as Record<string, 'ok'> };
  }

  /** What travels in the event log, of all services: AsyncAPI 3. */
  @Get('asyncapi.json')
  asyncApi(): Readonly<Record<string, unknown>> {
    return asyncApiDocument();
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  metrics(): Promise<string> {
    return this.#metrics.scrape();
  }
}

async function verdictOf(check: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${PATIENCE_MS} ms`), PATIENCE_MS);
  });
  const verdict = check().then(() => 'ok', messageOf);
  return Promise.race([verdict, impatience]).finally(() => clearTimeout(timer));
}
