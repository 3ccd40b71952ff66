import { parseArgs } from 'node:util';
import { EmpError, messageOf } from '@emp/kernel';

export interface StackOptions {
  readonly mode: 'live' | 'once';
  readonly output: 'text' | 'json';
  /** Four services in this process, or each as a process of its own. */
  readonly composition: 'one-process' | 'processes';
  /** Where events travel: a log in PostgreSQL, or Kafka. */
  readonly broker: 'postgres' | 'kafka';
  /** A national OICP feed instead of the generated network: path or URL. */
  readonly feed: string | undefined;
  readonly statusFeed: string | undefined;
  /** Ends the live run by itself after so many seconds. */
  readonly forSeconds: number | undefined;
}

export const HELP = `npm start -- [options]

  --once                play one story to its end (online, unknown card, offline), print its timeline, exit
  --json                with --once: print the timeline as one JSON document (use: npm start --silent -- --once --json)
  --feed <path|URL>     take a national OICP feed (JSON or .json.gz) instead of the generated network
  --status-feed <…>     the status that belongs to it
  --processes           each service as a process of its own
  --broker kafka        events travel through Kafka: the cluster in KAFKA_BROKERS, else one that is started here
                        (Java 17 and Maven); default: postgres
  --for <seconds>       stop by itself after so many seconds of live running
  --help                this text

Ports and places are variables; .env.example lists them.
`;

/** @throws EmpError `wrong-use` that names the option. */
export function readOptions(args: readonly string[]): StackOptions | 'help' {
  const { values } = parse(args);
  if (values.help) return 'help';
  if (values.json && !values.once) throw wrongUse('--json goes with --once');
  if (values['status-feed'] !== undefined && values.feed === undefined) throw wrongUse('--status-feed goes with --feed');
  const forSeconds = values.for === undefined ? undefined : Number(values.for);
  if (forSeconds !== undefined && !(forSeconds > 0)) throw wrongUse('--for takes a number of seconds above 0');
  const broker = values.broker ?? 'postgres';
  if (broker !== 'postgres' && broker !== 'kafka') throw wrongUse(`--broker is postgres or kafka, not ${broker}`);
  return {
    mode: values.once ? 'once' : 'live',
    output: values.json ? 'json' : 'text',
    composition: values.processes ? 'processes' : 'one-process',
    broker,
    feed: values.feed,
    statusFeed: values['status-feed'],
    forSeconds,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean' },
        json: { type: 'boolean' },
        processes: { type: 'boolean' },
        broker: { type: 'string' },
        feed: { type: 'string' },
        'status-feed': { type: 'string' },
        for: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw wrongUse(messageOf(error));
  }
}

function wrongUse(what: string): EmpError {
  return new EmpError('wrong-use', `${what}; npm start -- --help lists the options`, { retry: 'useless' });
}
