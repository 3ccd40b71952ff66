import { parseArgs } from 'node:util';
import type { Log } from '../log.ts';
import { acknowledgedOrLost } from './acknowledged-or-lost.ts';
import { LocalKafka } from './local-kafka.ts';

const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** `npm run bench -- kafka-loss [--kills 3] [--rules on|off]`: what kafkajs acknowledges and Kafka never got. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { kills: { type: 'string', default: '3' }, rules: { type: 'string' } } });
  const kafka = await LocalKafka.start(3);
  let lostByRules = 0;
  try {
    process.stdout.write('rules  kills  acknowledged  lost  doubled  out of order  longest stall\n');
    for (const rules of ['off', 'on'] as const) {
      if (values.rules !== undefined && values.rules !== rules) continue;
      const verdict = await acknowledgedOrLost({ kafka, rules, kills: Number(values.kills), log: quiet });
      const { kills, acknowledged, lost, doubled, outOfOrder, stallMs } = verdict;
      process.stdout.write(`${rules.padEnd(5)}  ${String(kills).padStart(5)}  ${String(acknowledged).padStart(12)}  ${String(lost).padStart(4)}  ${String(doubled).padStart(7)}  ${String(outOfOrder).padStart(12)}  ${String(stallMs).padStart(10)} ms\n`);
      if (rules === 'on') lostByRules += lost;
    }
  } finally {
    await kafka.stop();
  }
  return lostByRules === 0 ? 0 : 1;
}
