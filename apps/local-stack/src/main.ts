import { EmpError, messageOf } from '@emp/kernel';
import { announce } from './announce.ts';
import { runLive } from './live/live-run.ts';
import { runOnce } from './once/once.ts';
import { HELP, readOptions } from './options.ts';
import { readPlaces } from './places.ts';
import { describeNetwork } from './network-report.ts';
import { loadNetwork, seedProvider } from './seed.ts';
import { startStack } from './stack.ts';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const places = readPlaces(process.env);
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ended.abort());

  const stack = await startStack(places, options);
  try {
    const network = await announce('load the charging network', () => loadNetwork(stack, options));
    process.stderr.write(`${describeNetwork(network)}\n`);
    await announce('tariff, contracts, cards', () => seedProvider(stack, places));
    if (options.mode === 'once') return await runOnce(stack, options);
    await runLive(stack, places, options, ended);
    return 0;
  } finally {
    await stack.stop();
  }
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    if (!(error instanceof EmpError)) process.stderr.write(`${(error as Error).stack ?? ''}\n`);
    process.exit(error instanceof EmpError && error.slug === 'wrong-use' ? 2 : 1);
  },
);
