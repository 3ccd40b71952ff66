export { readSimulatorConfig, type SimulatorConfig } from './config.ts';
export { Random } from './random.ts';
export { startSimulator } from './start-simulator.ts';
