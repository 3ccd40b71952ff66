/** `npm run bench -- <name>`: prints a figure, the baseline measured in the same run, and the ratio. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './prepare.mjs';
import { Failure, run } from './steps.mjs';

/** Every `dist/bench/<name>.js` of a library or an app that exports `run(args)`. */
function benchmarks() {
  const found = new Map();
  for (const kind of ['libs', 'apps']) {
    for (const project of readdirSync(path.join(root, kind))) {
      const directory = path.join(root, kind, project, 'dist/bench');
      if (!existsSync(directory)) continue;
      for (const file of readdirSync(directory)) {
        if (file.endsWith('.js')) found.set(file.slice(0, -3), path.join(directory, file));
      }
    }
  }
  return found;
}

await run(async () => {
  await prepare();
  const [name, ...args] = process.argv.slice(2);
  const found = benchmarks();
  const file = found.get(name);
  if (!file) throw new Failure(`which benchmark? npm run bench -- <name>, one of: ${[...found.keys()].sort().join(', ')}`);
  const benchmark = await import(pathToFileURL(file).href);
  return benchmark.run(args);
});
