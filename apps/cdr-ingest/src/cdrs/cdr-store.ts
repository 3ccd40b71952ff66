import type { Queryable, Transaction } from '@emp/database';
import { EmpError } from '@emp/kernel';
import type { KnownVersion } from '../domain/assess-cdr.ts';
import { CDR_COLUMNS, type NewCdr } from './cdr-row.ts';

/** A version that is stored, with the id of its row. */
export interface StoredVersion extends KnownVersion {
  readonly id: string;
  /** The leading version lacks a contract: one that comes later frees it. */
  readonly waitsForContract: boolean;
}

export type VersionsBySession = ReadonlyMap<string, readonly StoredVersion[]>;

const KNOWN = {
  name: 'cdr-known-versions',
  text: `SELECT id, session_key, version, value_hash, byte_hash,
                readable AND state <> 'conflict' AS leading,
                state = 'quarantined' AND readable AND contract_ref IS NULL AS waiting
         FROM cdr WHERE session_key = ANY($1::text[]) ORDER BY session_key, version`,
};

interface KnownRow {
  readonly id: string;
  readonly session_key: string;
  readonly version: number;
  readonly value_hash: string;
  readonly byte_hash: string;
  readonly leading: boolean;
  readonly waiting: boolean;
}

const columns = CDR_COLUMNS.map(([column]) => column).join(', ');
const INSERT = {
  name: 'cdr-insert',
  text: `INSERT INTO cdr (${columns})
         SELECT * FROM unnest(${CDR_COLUMNS.map(([, type], at) => `$${at + 1}::${type}[]`).join(', ')})
         ON CONFLICT (session_key, version) DO NOTHING RETURNING id`,
};

/** What is already stored for these sessions (canonical SessionIDs). */
export async function knownVersions(database: Queryable, sessionKeys: readonly string[]): Promise<VersionsBySession> {
  const bySession = new Map<string, StoredVersion[]>();
  if (sessionKeys.length === 0) return bySession;
  const rows = await database.prepared<KnownRow>(KNOWN, [sessionKeys]);
  for (const row of rows) {
    const version: StoredVersion = {
      id: row.id, version: row.version, role: row.leading ? 'leading' : 'other',
      valueHash: row.value_hash, byteHash: row.byte_hash, waitsForContract: row.waiting,
    };
    bySession.set(row.session_key, [...(bySession.get(row.session_key) ?? []), version]);
  }
  return bySession;
}

/** The sealed texts of stored versions, by the ids of their rows. */
export async function sealedRecords(database: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await database.query<{ id: string; sealed_record: string }>(
    'SELECT id, sealed_record FROM cdr WHERE id = ANY($1::text[])', [ids],
  );
  return new Map(rows.map((row) => [row.id, row.sealed_record]));
}

/**
 * Stores versions in one statement.
 * @throws EmpError `cdr-intake-raced` (retry helps) if another transaction stored one for the same session meanwhile.
 */
export async function insertCdrs(tx: Transaction, cdrs: readonly NewCdr[]): Promise<void> {
  if (cdrs.length === 0) return;
  const values = CDR_COLUMNS.map(([, , valueOf]) => cdrs.map(valueOf));
  const inserted = await tx.prepared(INSERT, values);
  if (inserted.length === cdrs.length) return;
  const message = 'another consumer stored a record of the same session at this moment';
  throw new EmpError('cdr-intake-raced', message, { retry: 'helps' });
}
