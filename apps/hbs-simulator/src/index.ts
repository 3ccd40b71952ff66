export { readSimulatorConfig, type SimulatorConfig } from './config.ts';
export { startSimulator } from './start-simulator.ts';
