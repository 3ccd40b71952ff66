/**
 * `npm run bench -- pipeline [--broker postgres|kafka|both] [--records n]`: acknowledged records per second through
 * gateway → broker → cdr-ingest → billing, rated and committed, as a ratio to single-row insert transactions.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot, simulatedContracts } from '@emp/local-stack';
import { Door } from '../hbs/door.ts';
import { Ledger } from '../hbs/ledger.ts';
import { openRecordsHub } from '../hbs/records-hub.ts';
import { startChaosStack, type ChaosStack } from '../stack/chaos-stack.ts';
import { insertsPerSecond } from './inserts.ts';
import { latencyAt } from './latency.ts';
import type { Load } from './load.ts';
import { recordsPerSecond } from './throughput.ts';

const DRIVERS = 600;
const SEED = 'bench';
/** So many requests at once, and as many connections for the inserts that are compared with. */
const AT_ONCE = 32;
const LATENCY_SECONDS = 15;
const WARM_UP = 2_000;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { broker: { type: 'string' }, records: { type: 'string', default: '10000' } },
  });
  const kafkaIsHere = existsSync(path.join(projectRoot, '.data/kafka/jars/.made-from'));
  const brokers =
    values.broker === undefined || values.broker === 'both'
      ? ['postgres', ...(kafkaIsHere || values.broker ? ['kafka'] : [])]
      : [values.broker];
  for (const broker of brokers) {
    if (broker !== 'postgres' && broker !== 'kafka')
      throw new Error(`--broker is postgres, kafka or both, not ${broker}`);
    await measure(broker, Number(values.records));
  }
}

async function measure(broker: 'postgres' | 'kafka', records: number): Promise<void> {
  const directory = path.join(projectRoot, '.data/chaos', `bench-${broker}-${process.pid}`);
  mkdirSync(path.join(directory, 'logs'), { recursive: true });
  const hub = await openRecordsHub(new Ledger(), 'DE-EMP');
  let stack: ChaosStack | undefined;
  let door: Door | undefined;
  try {
    stack = await startChaosStack({ broker, kafkaNodes: 1, seed: SEED, directory, recordsUrl: hub.url });
    door = new Door(stack.door, AT_ONCE);
    const load: Load = {
      stack,
      door,
      seed: SEED,
      cards: simulatedContracts(SEED, { online: DRIVERS, offline: 0 }).map((contract) => contract.cards[0]?.uid ?? ''),
      evseIds: await evseIdsOf(stack),
      endedAtMs: Math.floor(Date.now() / 1_000) * 1_000,
      atOnce: AT_ONCE,
    };
    await recordsPerSecond(load, { first: 1, records: WARM_UP });
    const inserts = await insertsPerSecond(stack.postgres.adminUrl, { inserts: records, connections: AT_ONCE });
    const { perSecond, acknowledgedPerSecond } = await recordsPerSecond(load, { first: 1 + WARM_UP, records });
    const half = perSecond / 2;
    const latency = await latencyAt(load, {
      first: 1 + WARM_UP + records,
      perSecond: half,
      records: Math.ceil(half * LATENCY_SECONDS),
    });
    const ratio = (perSecond / inserts).toFixed(2);
    process.stdout.write(
      [
        `broker ${broker}: ${records} records, ${AT_ONCE} requests at once, services as processes`,
        `  single-row insert transactions   ${inserts.toFixed(0)}/s (same PostgreSQL, ${AT_ONCE} connections)`,
        `  records acknowledged             ${acknowledgedPerSecond.toFixed(0)}/s`,
        `  records rated and committed      ${perSecond.toFixed(0)}/s = ${ratio} of the inserts`,
        `  at ${half.toFixed(0)}/s, from sending to reading ChargeRated in the log (${latency.count} records): ` +
          `p50 ${latency.p50.toFixed(0)} ms, p99 ${latency.p99.toFixed(0)} ms`,
        '',
      ].join('\n'),
    );
  } finally {
    await door?.close();
    await stack?.stop();
    await hub.close();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function evseIdsOf(stack: ChaosStack): Promise<readonly string[]> {
  const evses = await stack
    .database('billing')
    .query<{ evse_id: string }>(`SELECT evse_id FROM evse WHERE evse_id LIKE 'DE*SIM*%' OR maximum_power_kw >= 11 ORDER BY evse_key`);
  return evses.map(({ evse_id }) => evse_id);
}
