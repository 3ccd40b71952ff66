import type { Clock } from '@emp/kernel';
import { migrationsDirectory } from '@emp/prisma-poi-sync';
import { startService, type RunningService } from '@emp/service-kit';
import { AppModule } from './app.module.ts';
import type { PoiSyncConfig } from './config.ts';

export { readPoiSyncConfig, type PoiSyncConfig } from './config.ts';

/** Starts poi-sync: charging points, their status and operators' prices, pulled from HBS. */
export function startPoiSync(config: PoiSyncConfig, given: { readonly clock?: Clock } = {}): Promise<RunningService> {
  return startService({
    name: 'poi-sync',
    config,
    migrationsDirectory,
    module: (parts) => AppModule.with(config, parts),
    ...given,
  });
}
