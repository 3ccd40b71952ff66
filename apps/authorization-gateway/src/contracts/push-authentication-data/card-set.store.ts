import { createHash } from 'node:crypto';
import type { Database } from '@emp/database';

/** The cards of a provider that may charge now. */
export interface CardSet {
  readonly setHash: string;
  /** Sealed UIDs, in the order of their fingerprints. */
  readonly sealedUids: readonly string[];
}

const PAGE = 10_000;

const VALID_CARDS = `
  SELECT card.fingerprint, card.sealed_uid FROM card JOIN contract USING (contract_ref)
  WHERE contract.provider_id = $1 AND card.fingerprint > $3
    AND card.status = 'active' AND (card.valid_until IS NULL OR card.valid_until > $2)
    AND contract.status = 'active' AND contract.valid_from <= $2
    AND (contract.valid_until IS NULL OR contract.valid_until > $2)
  ORDER BY card.fingerprint LIMIT ${PAGE}`;

/**
 * What HBS should hold: it does not end a card by itself (OICP §7.5), so a card whose time is over is left out. The
 * hash is over keyed fingerprints; it changes when the set does.
 */
export async function readCardSet(database: Database, providerId: string, now: Date): Promise<CardSet> {
  const hash = createHash('sha256');
  const sealedUids: string[] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const rows: { fingerprint: string; sealed_uid: string }[] = await database.query(VALID_CARDS, [
      providerId,
      now,
      after,
    ]);
    for (const { fingerprint, sealed_uid } of rows) {
      hash.update(fingerprint);
      sealedUids.push(sealed_uid);
    }
    after = rows.length < PAGE ? undefined : rows.at(-1)?.fingerprint;
  }
  return { setHash: hash.digest('hex'), sealedUids };
}
