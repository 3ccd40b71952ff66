import type { Database } from '@emp/database';
import { parseUid } from '@emp/oicp';
import type { Vault } from '@emp/vault';
import { Pseudonyms } from '../../contracts/pseudonyms.ts';

const CONTRACTS = `
  INSERT INTO contract SELECT 'con-' || left(print, 20), print, 'k1.sealed', 'DE-EMP', 'cus-' || left(print, 20),
    'k1.sealed', 'plan-' || (number % 20), CASE WHEN number % 50 = 0 THEN 'blocked' ELSE 'active' END,
    '2026-01-01'::timestamptz + number * interval '1 second', NULL, now(), now()
  FROM (SELECT number, md5('contract' || number) AS print FROM generate_series(1, $1::int) AS number)`;

const CARDS = `
  INSERT INTO card SELECT 'card-' || left(print, 20), print, 'k1.sealed',
    'con-' || left(md5('contract' || (1 + number % $2::int)), 20), 'active',
    CASE WHEN number % 3 = 0 THEN '2030-01-01'::timestamptz ELSE NULL END, now(), now()
  FROM (SELECT number, md5('card' || number) AS print FROM generate_series(1, $1::int) AS number)`;

/** So many cards of 0.8 as many contracts in the database, and the numbers of some of them that are good. */
export async function fill(database: Database, vault: Vault, cards: number): Promise<readonly string[]> {
  const contracts = Math.max(1, Math.floor(cards * 0.8));
  await database.execute(CONTRACTS, [contracts]);
  await database.execute(CARDS, [cards - 1_000, contracts]);
  const pseudonyms = new Pseudonyms(vault);
  const uids = Array.from(
    { length: 1_000 },
    (_, number) => `04AA${number.toString(16).toUpperCase().padStart(10, '0')}`,
  );
  const prints = uids.map((text) => {
    const uid = parseUid(text);
    return uid.ok ? pseudonyms.cardFingerprint(uid.value) : '';
  });
  await database.execute(
    `INSERT INTO card SELECT 'card-' || left(print, 20), print, 'k1.sealed', 'con-' || left(md5('contract1'), 20),
       'active', NULL, now(), now() FROM unnest($1::text[]) AS print`,
    [prints],
  );
  await database.execute('VACUUM ANALYZE');
  return uids;
}
