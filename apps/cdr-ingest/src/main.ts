import { runService } from '@emp/service-kit';
import { readCdrIngestConfig, startCdrIngest } from './index.ts';

await runService(readCdrIngestConfig, startCdrIngest);
