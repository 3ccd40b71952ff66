export type { ExitStatus, Io } from './command-line/io.ts';
export { run } from './run.ts';
