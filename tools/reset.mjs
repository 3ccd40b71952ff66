/** `npm run reset`: forgets the data of the local stack, so that the next `npm start` begins anew. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './prepare.mjs';
import { Failure, run, step } from './steps.mjs';

await run(async () => {
  const data = path.resolve(root, process.env.DATA_DIRECTORY ?? '.data');
  const pidFile = path.join(data, 'postgres/postmaster.pid');
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : 0;
  if (pid > 0 && (await stopServer(pid)) === 'still-there') {
    throw new Failure(`a PostgreSQL server (process ${pid}) still uses ${data}: stop the running stack first (Ctrl-C)`);
  }
  await step(`remove ${path.relative(root, data) || data}`, () => rmSync(data, { recursive: true, force: true }));
});

/** Asks a server left behind to stop (fast shutdown), and waits for it for ten seconds. */
async function stopServer(pid) {
  try {
    process.kill(pid, 'SIGINT');
    for (let waited = 0; waited < 100; waited += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      process.kill(pid, 0);
    }
    return 'still-there';
  } catch {
    return 'gone';
  }
}
