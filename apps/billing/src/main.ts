import { runService } from '@emp/service-kit';
import { readBillingConfig } from './config.ts';
import { startBilling } from './index.ts';

await runService(readBillingConfig, startBilling);
