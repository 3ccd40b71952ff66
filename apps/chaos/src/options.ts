import { parseArgs } from 'node:util';
import { EmpError, messageOf } from '@emp/kernel';
import { FAULTS_PER_1000_SESSIONS, kindsOfFaults } from './schedule/faults.ts';

export interface ChaosOptions {
  readonly broker: 'postgres' | 'kafka';
  readonly sessions: number;
  readonly seed: string;
  /** The time in which the sessions begin; what has not begun a minute later is left out. */
  readonly minutes: number;
  readonly faults: number;
  readonly kafkaNodes: number;
  readonly show: 'run' | 'plan';
  readonly data: 'remove-when-good' | 'keep';
}

export const HELP = `npm run chaos -- [options]

Drives sessions and records through the real services, each a process of its own, while it kills, freezes and cuts them;
then compares what was acknowledged with what is stored, rated and published. Exit status 0 only if nothing is missing,
doubled, out of order or invented, something was acknowledged, and all of it came to its end.

  --broker postgres|kafka   where events travel (kafka: Java 17 and Maven); default postgres
  --nodes 1|3               nodes of Kafka; default 1
  --sessions <n>            default 5000
  --minutes <m>             the sessions begin within it (on a slow machine, up to a minute later);
                            default 2 for 5000 sessions, and in proportion
  --seed <text>             the same seed, the same sessions and faults; default 1
  --faults <n>              default 11 per 1000 sessions, one of each kind at least
  --plan                    print the faults of the seed and end
  --keep                    keep data and logs (.data/chaos), which stay anyway if something is wrong
  --help                    this text
`;

/** @throws EmpError `wrong-use` that names the option. */
export function readOptions(args: readonly string[]): ChaosOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  const broker = values.broker;
  if (broker !== 'postgres' && broker !== 'kafka') throw wrongUse(`--broker is postgres or kafka, not ${broker}`);
  const sessions = whole('--sessions', values.sessions, 10);
  const kafkaNodes = whole('--nodes', values.nodes, 1);
  if (kafkaNodes !== 1 && kafkaNodes !== 3) throw wrongUse('--nodes is 1 or 3');
  const minutes = values.minutes === undefined ? Math.max(0.25, sessions / 2500) : Number(values.minutes);
  if (!(minutes > 0)) throw wrongUse('--minutes takes a number above 0');
  return {
    broker,
    sessions,
    minutes,
    kafkaNodes,
    seed: values.seed,
    faults:
      values.faults === undefined
        ? Math.max(kindsOfFaults(broker), Math.ceil((sessions * FAULTS_PER_1000_SESSIONS) / 1000))
        : whole('--faults', values.faults, 0),
    show: values.plan ? 'plan' : 'run',
    data: values.keep ? 'keep' : 'remove-when-good',
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        broker: { type: 'string', default: 'postgres' },
        nodes: { type: 'string', default: '1' },
        sessions: { type: 'string', default: '5000' },
        minutes: { type: 'string' },
        seed: { type: 'string', default: '1' },
        faults: { type: 'string' },
        plan: { type: 'boolean' },
        keep: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw wrongUse(messageOf(error));
  }
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw wrongUse(`${option} takes a whole number from ${least} on, not ${text}`);
}

function wrongUse(what: string): EmpError {
  return new EmpError('wrong-use', `${what}; npm run chaos -- --help lists the options`, { retry: 'useless' });
}
