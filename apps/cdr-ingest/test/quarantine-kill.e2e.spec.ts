import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { decodeEvent, encodeEvent, openBroker, type Broker } from '@emp/messaging';
import { createLog } from '@emp/service-kit';
import { eventually, freePort, testDatabase, type TestDatabase } from '@emp/testing';
import { cdr, received, sessionId, VAULT_KEYS, VAULT_PEPPER } from './builders.ts';

const main = path.resolve(import.meta.dirname, '../dist/main.js');
/** Whoever holds it publishes the outbox. */
const RELAY = 'outbox-relay';

let own: TestDatabase;
let log: TestDatabase;
let broker: Broker;
let port: number;
let service: ChildProcess | undefined;

beforeAll(async () => {
  [own, log, port] = await Promise.all([testDatabase(), testDatabase(), freePort()]);
  broker = await openBroker({ kind: 'postgres', address: log.url, clientId: 'test', log: createLog('test', 'silent') });
  await broker.ensureTopics();
});
afterAll(async () => {
  await killed();
  await broker.close();
  await Promise.all([own.close(), log.close()]);
});

async function started(): Promise<void> {
  service = spawn(process.execPath, [main], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'], DATABASE_URL: own.url, BROKER_URL: log.url, HBS_URL: 'http://127.0.0.1:9/api/oicp', PROVIDERS: 'DE-EMP:online',
      PORT: String(port), VAULT_KEYS, VAULT_PEPPER, RECONCILE_EVERY_SECONDS: '0', RECONCILE_SWEEP_EVERY_HOURS: '0', LOG_LEVEL: 'silent',
    },
  });
  await eventually(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok, { what: 'the service is ready', withinMs: 30_000 });
}

/** kill -9. */
async function killed(): Promise<void> {
  const dying = service;
  service = undefined;
  if (!dying || dying.exitCode !== null || dying.signalCode !== null) return;
  const dead = new Promise((resolve) => dying.once('close', resolve));
  dying.kill('SIGKILL');
  await dead;
}

const url = (number: number, move = ''): string => `http://127.0.0.1:${port}/v1/quarantine/${sessionId(number)}${move}`;

async function caseOf(number: number): Promise<{ state: string; revision: number; steps: readonly object[] } | undefined> {
  const answer = await fetch(url(number));
  return answer.ok ? await answer.json() as { state: string; revision: number; steps: readonly object[] } : undefined;
}

const accept = (number: number): Promise<Response> => fetch(url(number, '/accept'), {
  method: 'POST', headers: { 'content-type': 'application/json', 'if-match': '"1"' }, body: JSON.stringify({ reason: 'the operator explained it' }),
});

async function told(number: number, type: string): Promise<number> {
  const events = new Set<string>();
  for await (const delivered of broker.read('emp.cdr.v1')) {
    const read = decodeEvent(delivered);
    if (read.ok && read.value.key === sessionId(number) && read.value.type === type) events.add(read.value.id);
  }
  return events.size;
}

const published = async (): Promise<boolean> =>
  (await own.database.query('SELECT id FROM outbox WHERE published_at IS NULL LIMIT 1')).length === 0;

/** A day of its own for each: sessions that overlap are another story. */
const quarantined = (number: number): Record<string, unknown> => {
  const at = (time: string): string => `2026-04-${String(number).padStart(2, '0')}T${time}+02:00`;
  return cdr(number, {
    SessionStart: at('09:58:00'), ChargingStart: at('10:00:00'), ChargingEnd: at('11:00:00'), SessionEnd: at('11:05:00'), ConsumedEnergy: 15,
  });
};

describe('kill -9 of cdr-ingest', () => {
  it('between accepting and publishing loses nothing: the event comes once, after the restart', async () => {
    await own.database.lock(RELAY, async () => { // so that nobody publishes
      await started();
      await broker.publish([encodeEvent(received(quarantined(1)), 'gateway')]);
      await eventually(async () => (await caseOf(1))?.state === 'open', { what: 'the case' });
      expect((await accept(1)).status).toBe(200);
      await killed();
    });
    expect(await told(1, 'CdrAccepted')).toBe(0);
    await started();
    await eventually(async () => (await published()) && (await told(1, 'CdrAccepted')) === 1, { what: 'the event', withinMs: 20_000 });
    expect(await caseOf(1)).toMatchObject({ state: 'accepted', revision: 2, steps: [{}, { what: 'accept' }] });
  }, 90_000);

  it('in the middle of a decision leaves all of it or nothing, and the decision can be repeated', async () => {
    const numbers = [2, 3, 4];
    await broker.publish(numbers.map((number) => encodeEvent(received(quarantined(number)), 'gateway')));
    for (const number of numbers) {
      await eventually(async () => (await caseOf(number))?.state === 'open', { what: `case ${number}` });
      // The transaction hangs at its last statement but one, until the process is dead.
      const answer = own.database.transaction(async (tx) => {
        await tx.execute('LOCK TABLE quarantine_step IN SHARE MODE');
        const asked = accept(number).then(() => 'answered', () => 'cut');
        await eventually(async () => (await own.database.query(
          `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length > 0, { what: 'the decision under way' });
        await killed();
        return asked;
      });
      expect(await answer).toBe('cut');
      await started();
      expect(await caseOf(number)).toMatchObject({ state: 'open', revision: 1 });
      expect((await accept(number)).status).toBe(200);
      expect((await accept(number)).status).toBe(412);
      await eventually(async () => (await published()) && (await told(number, 'CdrAccepted')) === 1, { what: 'the event', withinMs: 20_000 });
    }
  }, 180_000);
});
