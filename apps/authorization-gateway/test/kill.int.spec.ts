import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from '@emp/testing';
import { Bench, api, post } from './bench.ts';
import { CARDS, EVCO, START, ask, contract, demoContracts, newSession, rfid } from './messages.ts';

const GATEWAY = fileURLToPath(new URL('../src/bench/support/gateway-process.ts', import.meta.url));
const TYPESCRIPT = fileURLToPath(new URL('../../../libs/testing/jest/typescript.mjs', import.meta.url));

let bench: Bench;
let children: ChildProcess[] = [];
beforeEach(async () => {
  bench = await Bench.open();
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await bench.close();
});

/** A gateway in a process of its own, which can be killed. */
async function startProcess(): Promise<{ readonly doorUrl: string; readonly child: ChildProcess }> {
  const child = spawn(process.execPath, ['--conditions=@emp/source', '--import', TYPESCRIPT, GATEWAY], {
    env: { ...process.env, NODE_OPTIONS: '', ...bench.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  // Others on standard output are lines of the log.
  const doorUrl = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => line.startsWith('http') && resolve(line));
    child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}`)));
  });
  return { doorUrl, child };
}

describe('a gateway that is killed between its decision and its answer', () => {
  it.each<[string, object, string]>([
    ['without limits', {}, 'Authorized 000'],
    ['of one session at a time', { rules: { sessionLimit: 1 } }, 'NotAuthorized 210'],
  ])('gives, when it is there again, the answer it had written: a contract %s', async (_, terms, next) => {
    const first = await bench.start();
    const contracts = [...demoContracts(), contract(EVCO.good, [{ uid: CARDS.good }], { ...terms })].slice(1);
    await api(first, '/v1/contracts', { contracts });
    await bench.stop(first);
    const sessionId = newSession();
    const { doorUrl, child } = await startProcess();
    // Commits take a second, and the process does not live to hear of it.
    await bench.service.database.query(`
      CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.7); RETURN NULL; END';
      CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON charging_session DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION dawdle()`);
    const heard = fetch(`${doorUrl}/api/oicp${START}`, {
      method: 'POST',
      body: JSON.stringify(ask(sessionId, rfid(CARDS.good))),
    }).then(() => 'an answer', () => 'nothing');
    await eventually(
      async () => {
        const sleeping = await bench.service.database.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
        );
        return sleeping.length > 0;
      },
      { what: 'a commit on its way' },
    );
    child.kill('SIGKILL');
    expect(await heard).toBe('nothing');
    const stored = await eventually(async () => {
      const [row] = await bench.service.database.query<{ id: string }>(
        'SELECT emp_partner_session_id AS id FROM charging_session WHERE session_id = $1',
        [sessionId],
      );
      return row?.id;
    });
    await bench.service.database.query('DROP FUNCTION dawdle CASCADE');
    const again = await startProcess();
    const asked = { doorUrl: again.doorUrl, url: '', name: '', stop: async () => undefined };
    const answer = await post(asked, START, ask(sessionId, rfid(CARDS.good)));
    expect(answer).toMatchObject({ verdict: 'Authorized 000', body: { EMPPartnerSessionID: stored } });
    expect(await post(asked, START, ask(sessionId, rfid(CARDS.good)))).toEqual(answer);
    expect((await post(asked, START, ask(newSession(), rfid(CARDS.good)))).verdict).toBe(next);
    const events = (await bench.events('SessionAuthorized')).filter(({ data }) => data['sessionId'] === sessionId);
    expect(events).toHaveLength(1);
  }, 90_000);
});
