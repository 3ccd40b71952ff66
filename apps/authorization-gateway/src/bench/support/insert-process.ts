/** The baseline of granted ones: the same session rows, one prepared insert each, and nothing else. Prints rows/s. */
import { Database } from '@emp/database';

const [url = '', connections = '', seconds = ''] = process.argv.slice(2);
const INSERT = {
  name: 'bare-insert',
  text: `INSERT INTO bare_session (session_id, state, provider_id, contract_ref, card_ref, tariff_plan_id,
           identification, operator_id, evse_id, sealed_cpo_session_id, emp_partner_session_id, process_id, explanation, created_at,
           authorized_at, last_heard_at)
         VALUES ($1, 'authorized', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $13)`,
};
/** As long as a real one. */
const EXPLANATION = JSON.stringify({
  rule: 'everything-in-order',
  facts: {
    at: '2026-05-01T08:00:00.000Z', cardRef: 'card-00000000000000000001', cardStatus: 'active', cardValidUntil: null,
    contractRef: 'con-00000000000000000001', contractStatus: 'active', contractValidFrom: '2026-01-01T00:00:00.000Z',
    contractValidUntil: null, identification: 'rfid', providerId: 'DE-EMP', providerMode: 'online',
  },
});
const database = new Database({ url, applicationName: 'bench', maxConnections: Number(connections) });
let rows = 0;
let until = Infinity;

async function insert(worker: number): Promise<void> {
  for (let number = 0; performance.now() < until; number += 1) {
    await database.prepared(INSERT, [
      `${worker}-${process.pid}-${number}`, 'DE-EMP', 'con-00000000000000000001', 'card-00000000000000000001',
      'standard', 'rfid', 'DE*SIM', 'DE*SIM*E0001*1', 'k1.q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA',
      '019aab00-0000-7000-8000-000000000001', null, EXPLANATION, new Date(),
    ]);
    rows += 1;
  }
}

async function measure(forSeconds: number): Promise<number> {
  rows = 0;
  const begun = performance.now();
  until = begun + forSeconds * 1_000;
  await Promise.all(Array.from({ length: Number(connections) * 3 }, (_, worker) => insert(worker + Math.round(begun))));
  return (rows * 1_000) / (performance.now() - begun);
}

await measure(1);
process.stdout.write(`${Math.round(await measure(Number(seconds)))}\n`);
await database.close();
