import type { Queryable, Transaction } from '@emp/database';
import { EmpError } from '@emp/kernel';
import type { KnownVersion } from '../domain/assess-cdr.ts';
import { FACTS } from '../network-facts/facts-lock.ts';
import { CDR_COLUMNS, type NewCdr } from './cdr-row.ts';

/** A version that is stored, with the id of its row. */
export interface StoredVersion extends KnownVersion {
  readonly id: string;
  /** The leading version lacks a contract: one that comes later frees it. */
  readonly waitsForContract: boolean;
}

export type VersionsBySession = ReadonlyMap<string, readonly StoredVersion[]>;

const KNOWN_COLUMNS = `id, session_key, version, value_hash, byte_hash, readable AND state <> 'conflict' AS leading,
  state = 'quarantined' AND readable AND contract_ref IS NULL AS waiting`;
const KNOWN = {
  name: 'cdr-known-versions',
  text: `SELECT ${KNOWN_COLUMNS} FROM cdr WHERE session_key = ANY($1::text[]) ORDER BY session_key, version`,
};
/** One row at least, with nothing but the lock and the missing ones. */
const KNOWN_IN_PEACE = {
  name: 'cdr-known-in-peace',
  text: `SELECT peace.missing, ${KNOWN_COLUMNS}
         FROM (SELECT pg_advisory_xact_lock_shared($2),
                      ARRAY(SELECT session_key FROM missing_record WHERE session_key = ANY($1::text[]) AND state <> 'settled') AS missing
              ) AS peace
         LEFT JOIN cdr ON session_key = ANY($1::text[]) ORDER BY session_key, version`,
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
  return sessionKeys.length === 0 ? new Map() : bySession(await database.prepared<KnownRow>(KNOWN, [sessionKeys]));
}

/** The same within an intake, and which of these sessions are asked for; one statement that also is `readFactsInPeace`. */
export async function knownInPeace(
  tx: Transaction, sessionKeys: readonly string[],
): Promise<{ readonly known: VersionsBySession; readonly missing: ReadonlySet<string> }> {
  const rows = await tx.prepared<{ readonly missing: readonly string[] } & Partial<KnownRow>>(KNOWN_IN_PEACE, [sessionKeys, FACTS]);
  const stored = rows.filter((row): row is typeof row & KnownRow => row.session_key !== null);
  return { known: bySession(stored), missing: new Set(rows[0]?.missing) };
}

function bySession(rows: readonly KnownRow[]): VersionsBySession {
  const versions = new Map<string, StoredVersion[]>();
  for (const row of rows) {
    const version: StoredVersion = {
      id: row.id, version: row.version, role: row.leading ? 'leading' : 'other',
      valueHash: row.value_hash, byteHash: row.byte_hash, waitsForContract: row.waiting,
    };
    versions.set(row.session_key, [...(versions.get(row.session_key) ?? []), version]);
  }
  return versions;
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
