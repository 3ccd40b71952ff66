import type { Clock } from '@emp/kernel';
import { migrationsDirectory } from '@emp/prisma-authorization-gateway';
import { startService, type Log, type RunningService } from '@emp/service-kit';
import { GatewayModule } from './app.module.ts';
import type { GatewayConfig } from './config.ts';

/** Two listeners: `url` is the internal API, `doorUrl` the door for HBS (without its prefix). */
export interface RunningGateway extends RunningService {
  readonly doorUrl: string;
}

export async function startGateway(
  config: GatewayConfig,
  more: { readonly clock?: Clock; readonly log?: Log } = {},
): Promise<RunningGateway> {
  let doorUrl = '';
  const service = await startService({
    name: 'authorization-gateway',
    config,
    migrationsDirectory,
    module: (parts) => GatewayModule.of(config, parts, (url) => { doorUrl = url; }),
    ...more,
  });
  return { ...service, doorUrl };
}
