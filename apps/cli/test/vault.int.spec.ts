import { migrate } from '@emp/database';
import { testDatabase, type TestDatabase } from '@emp/testing';
import { Vault, generateSealingKey, generateVaultSecrets } from '@emp/vault';
import path from 'node:path';
import { emp, type Outcome } from './captured-io.ts';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../prisma/authorization-gateway/migrations');
const CARDS = 1_234;

let service: TestDatabase;
const { keys: oldKeys, pepper } = generateVaultSecrets();
const newKey = generateSealingKey('k2');
const old = Vault.fromKeys(oldKeys, pepper);
const uidOf = (number: number): string => `04AB${number.toString(16).toUpperCase().padStart(10, '0')}`;

const rotate = (keys: string, more = ''): Promise<Outcome> =>
  emp(`vault rotate ${more}`, {
    env: { VAULT_KEYS: keys, VAULT_PEPPER: pepper, SERVICE_DATABASES: `authorization-gateway=${service.url}` },
  });

beforeAll(async () => {
  service = await testDatabase();
  await migrate(service.database, MIGRATIONS);
  await service.database.query(
    `INSERT INTO contract (contract_ref, evco_fingerprint, sealed_evco_id, provider_id, customer_ref, sealed_customer,
       tariff_plan_id, status, valid_from, registered_at, changed_at)
     VALUES ('con-1', 'print', $1, 'DE-EMP', 'cus-1', $2, 'standard', 'active', now(), now(), now())`,
    [old.seal('DE-EMP-C00000001-X'), old.seal('customer')],
  );
  const numbers = Array.from({ length: CARDS }, (_, index) => index);
  await service.database.query(
    `INSERT INTO card SELECT 'card-' || print, print, sealed, 'con-1', 'active', NULL, now(), now()
     FROM unnest($1::text[], $2::text[]) AS card (print, sealed)`,
    [numbers.map((number) => old.fingerprint('uid', uidOf(number))), numbers.map((number) => old.seal(uidOf(number)))],
  );
  await service.database.query(
    `INSERT INTO session_notification (session_id, repeat_key, kind, received_at, sealed_detail)
     VALUES ('s-1', 'r-1', 'failed', now(), $1), ('s-1', 'r-2', 'failed', now(), NULL)`,
    [old.seal('free text')],
  );
  await service.database.query(
    `INSERT INTO charging_session (session_id, state, created_at, sealed_cpo_session_id) VALUES ('s-1', 'authorized', now(), $1)`,
    [old.seal('cpo-1')],
  );
}, 60_000);
afterAll(() => service.close());

const countOf = (outcome: Outcome): string | undefined => outcome.out.split('\n')[0];

describe('emp vault', () => {
  it('makes a key that the vault takes', async () => {
    const { status, out } = await emp('vault keys new k7');
    expect(status).toBe(0);
    expect(Vault.fromKeys(out.trim(), pepper).currentKeyId).toBe('k7');
    expect((await emp('vault keys new', {})).out).toMatch(/^k\d{8}:/);
  });

  it('counts before, seals all columns anew, and has nothing left to do', async () => {
    const both = `${newKey},${oldKeys}`;
    const before = await rotate(both, '--dry-run');
    expect(before.status).toBe(0);
    expect(countOf(before)).toBe(`${CARDS + 4} texts sealed anew with k2`);
    const done = await rotate(both, '--json');
    expect(done.status).toBe(0);
    const { columns } = JSON.parse(done.out) as { columns: { table: string; column: string; resealed: number }[] };
    const resealed = columns
      .filter((each) => each.resealed > 0)
      .map((each) => [`${each.table}.${each.column}`, each.resealed]);
    expect(resealed).toEqual([
      ['card.sealed_uid', CARDS],
      ['charging_session.sealed_cpo_session_id', 1],
      ['contract.sealed_customer', 1],
      ['contract.sealed_evco_id', 1],
      ['session_notification.sealed_detail', 1],
    ]);
    expect(countOf(await rotate(both))).toBe('0 texts sealed anew with k2');
  });

  it('after which the old key may go: everything opens, and cards are found by the same fingerprints', async () => {
    const vault = Vault.fromKeys(newKey, pepper);
    const cards = await service.database.query<{ fingerprint: string; sealed_uid: string }>('SELECT * FROM card');
    expect(cards).toHaveLength(CARDS);
    for (const card of cards) expect(vault.fingerprint('uid', vault.open(card.sealed_uid))).toBe(card.fingerprint);
    const [contract] = await service.database.query<{ sealed_evco_id: string }>('SELECT sealed_evco_id FROM contract');
    expect(vault.open(contract?.sealed_evco_id ?? '')).toBe('DE-EMP-C00000001-X');
    expect((await rotate(newKey)).status).toBe(0);
  });

  it('tells what it cannot open, leaves it, and does the rest', async () => {
    const stranger = Vault.fromKeys(generateSealingKey('k9'), pepper);
    await service.database.query(`UPDATE card SET sealed_uid = $1 WHERE fingerprint = $2`, [
      stranger.seal('04FF'),
      old.fingerprint('uid', uidOf(0)),
    ]);
    const { status, out } = await rotate(`${generateSealingKey('k3')},${newKey}`);
    expect(status).toBe(1);
    expect(out).toMatch(/card\.sealed_uid: 1 text not opened: a text was sealed with key "k9", which VAULT_KEYS lacks/);
    expect(out).toMatch(new RegExp(`^${CARDS + 3} texts sealed anew with k3`));
  });

  it('asks for the keys', async () => {
    expect(await emp('vault rotate', { env: { SERVICE_DATABASES: `x=${service.url}` } })).toMatchObject({
      status: 2,
      err: expect.stringContaining('VAULT_KEYS and VAULT_PEPPER are missing'),
    });
  });
});
