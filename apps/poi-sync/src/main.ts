import { runService } from '@emp/service-kit';
import { readPoiSyncConfig, startPoiSync } from './index.ts';

await runService(readPoiSyncConfig, startPoiSync);
