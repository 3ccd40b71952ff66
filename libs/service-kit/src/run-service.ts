import { EmpError, messageOf } from '@emp/kernel';
import type { RunningService } from './running-service.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The whole of a service's `main.ts`: reads the configuration, starts, stops on SIGINT or SIGTERM. A start that fails
 * ends in one line on standard error and exit status 1 (2 for a configuration that cannot work).
 */
export async function runService<Config>(
  readConfig: (env: Environment) => Config,
  start: (config: Config) => Promise<RunningService>,
): Promise<void> {
  let running: RunningService | undefined;
  // Started by another process that died without a word: what nobody watches must not run on, nor wait on.
  process.once('disconnect', () => (running ? void stop(running) : process.exit(1)));
  try {
    const service = (running = await start(readConfig(process.env)));
    process.send?.({ started: service.url });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(service));
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(error instanceof EmpError && error.slug === 'configuration-invalid' ? 2 : 1);
  }
}

async function stop(service: RunningService): Promise<void> {
  try {
    await service.stop();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${service.name} did not stop cleanly: ${messageOf(error)}\n`);
    process.exit(1);
  }
}

/** What a person needs who started it: the message of each error down to its first cause. */
function explain(error: unknown): string {
  const messages: string[] = [];
  for (let at: unknown = error; at !== undefined && at !== null; at = at instanceof Error ? at.cause : undefined) {
    const message = messageOf(at);
    if (!messages.some((known) => known.includes(message))) messages.push(message);
  }
  return messages.join(': ');
}
