import { runService } from '@emp/service-kit';
import { readGatewayConfig, startGateway } from './index.ts';

await runService(readGatewayConfig, startGateway);
