export { readOptions, type ChaosOptions } from './options.ts';
export { runChaos, type ChaosResult } from './run-chaos.ts';
