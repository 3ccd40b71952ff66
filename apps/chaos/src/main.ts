import { EmpError, messageOf } from '@emp/kernel';
import { HELP, readOptions } from './options.ts';
import { describeFault, report } from './report.ts';
import { runChaos } from './run-chaos.ts';
import { planFaults } from './schedule/faults.ts';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  if (options.show === 'plan') {
    process.stdout.write(`${planFaults(options).map(describeFault).join('\n')}\n`);
    return 0;
  }
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stopped.abort(new EmpError('stopped', `stopped by ${signal}`, { retry: 'helps' })));
  const begun = performance.now();
  const tell = (line: string): void =>
    void process.stderr.write(`  ${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  const result = await runChaos(options, tell, stopped.signal);
  process.stdout.write(`\n${report(options, result)}\n`);
  return result.good ? 0 : 1;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    if (!(error instanceof EmpError)) process.stderr.write(`${(error as Error).stack ?? ''}\n`);
    process.exit(error instanceof EmpError && error.slug === 'wrong-use' ? 2 : 1);
  },
);
