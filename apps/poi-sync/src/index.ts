import type { Clock } from '@emp/kernel';
import { migrationsDirectory } from '@emp/prisma-poi-sync';
import { startService, type RunningService } from '@emp/service-kit';
import { AppModule, type HbsTuning } from './app.module.ts';
import type { PoiSyncConfig } from './config.ts';

export { readPoiSyncConfig, type PoiSyncConfig } from './config.ts';

/** What a test puts in place of the real thing. */
export interface GivenParts {
  readonly clock?: Clock;
  readonly hbs?: HbsTuning;
}

/** Starts poi-sync: charging points, their status and operators' prices, pulled from HBS. */
export function startPoiSync(config: PoiSyncConfig, given: GivenParts = {}): Promise<RunningService> {
  return startService({
    name: 'poi-sync',
    config,
    migrationsDirectory,
    module: (parts) => AppModule.with(config, parts, given.hbs),
    ...(given.clock === undefined ? {} : { clock: given.clock }),
  });
}
