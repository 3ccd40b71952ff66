/** `npm start`: prepares the clone, then hands over to the local stack; `npm start -- --help` tells its options. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { prepare, root } from './prepare.mjs';
import { run } from './steps.mjs';

await run(async () => {
  await prepare();
  const main = path.join(root, 'apps/local-stack/dist/main.js');
  const stack = spawn(process.execPath, ['--enable-source-maps', main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  // The terminal sends Ctrl-C to the whole group: the stack drains, this process waits for it.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signal === 'SIGTERM' && stack.kill(signal));
  return new Promise((resolve) => stack.on('close', (code) => resolve(code ?? 1)));
});
