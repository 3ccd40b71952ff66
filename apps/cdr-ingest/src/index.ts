import { migrationsDirectory } from '@emp/prisma-cdr-ingest';
import { startService, type RunningService } from '@emp/service-kit';
import type { Clock } from '@emp/kernel';
import type { Log } from '@emp/service-kit';
import { CdrIngestModule } from './app.module.ts';
import type { CdrIngestConfig } from './config.ts';

export { readCdrIngestConfig, type CdrIngestConfig } from './config.ts';

/** Starts the service. Clock and log are given by tests. */
export function startCdrIngest(
  config: CdrIngestConfig, given: { readonly clock?: Clock; readonly log?: Log } = {},
): Promise<RunningService> {
  return startService({
    name: 'cdr-ingest', config, migrationsDirectory, module: (parts) => CdrIngestModule.compose(config, parts), ...given,
  });
}
