/** `npm test`: prepares the clone, then runs every suite; arguments go to jest (`npm test -- libs/money`). */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { prepare, root } from './prepare.mjs';
import { run } from './steps.mjs';

await run(async () => {
  await prepare();
  const jest = path.join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
});
