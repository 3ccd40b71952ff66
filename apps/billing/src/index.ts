import type { Clock } from '@emp/kernel';
import { migrationsDirectory } from '@emp/prisma-billing';
import { startService, type Log, type RunningService } from '@emp/service-kit';
import { AppModule } from './app.module.ts';
import type { BillingConfig } from './config.ts';

export { readBillingConfig, type BillingConfig } from './config.ts';
export type { BillingSummary } from './summary/summary.controller.ts';

/** Starts the service: consumers, API, relay. Clock and log can be given by tests and by the stack. */
export function startBilling(config: BillingConfig, given: { readonly clock?: Clock; readonly log?: Log } = {}): Promise<RunningService> {
  return startService({ name: 'billing', config, migrationsDirectory, module: () => AppModule.with(config), ...given });
}
