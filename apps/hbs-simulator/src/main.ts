import { runService } from '@emp/service-kit';
import { readSimulatorConfig } from './config.ts';
import { startSimulator } from './start-simulator.ts';

await runService(readSimulatorConfig, startSimulator);
