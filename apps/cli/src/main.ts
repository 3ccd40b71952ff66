import { processIo } from './command-line/process-io.ts';
import { run } from './run.ts';

const { io, flush } = processIo();
process.exitCode = await run(process.argv.slice(2), io);
await flush();
