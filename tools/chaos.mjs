/** `npm run chaos`: prepares the clone, then drives the stack while breaking it; `npm run chaos -- --help` tells its options. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { prepare, root } from './prepare.mjs';
import { run } from './steps.mjs';

await run(async () => {
  await prepare();
  const main = path.join(root, 'apps/chaos/dist/main.js');
  const chaos = spawn(process.execPath, ['--enable-source-maps', main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  // The terminal sends Ctrl-C to the whole group: chaos ends what it started, this process waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && chaos.kill(signal));
  return new Promise((resolve) => chaos.on('close', (code) => resolve(code ?? 1)));
});
