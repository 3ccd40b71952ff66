import type { Transaction } from '@emp/database';
import type { CardRecord } from '../register-contracts/register-contracts.store.ts';

/** A card's facts as they are stored, locked until the transaction ends. */
export type StoredCard = Omit<CardRecord, 'sealedUid'>;

const INSERT = `
  INSERT INTO card (card_ref, fingerprint, sealed_uid, contract_ref, status, valid_until, registered_at, changed_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (card_ref) DO NOTHING`;

const LOCK = `
  SELECT card_ref AS "cardRef", fingerprint, contract_ref AS "contractRef", status, valid_until AS "validUntil"
  FROM card WHERE card_ref = $1 FOR UPDATE`;

const SAVE = `
  UPDATE card SET contract_ref = $2, status = $3, valid_until = $4, changed_at = $5
  WHERE card_ref = $1 AND (contract_ref, status, valid_until) IS DISTINCT FROM ($2, $3, $4)`;

/** `false`: the card is known already. */
export async function insertCard(tx: Transaction, card: CardRecord, now: Date): Promise<boolean> {
  const { cardRef, fingerprint, sealedUid, contractRef, status, validUntil } = card;
  return (await tx.execute(INSERT, [cardRef, fingerprint, sealedUid, contractRef, status, validUntil, now])) > 0;
}

export async function lockCard(tx: Transaction, cardRef: string): Promise<StoredCard | undefined> {
  return (await tx.query<StoredCard>(LOCK, [cardRef]))[0];
}

/** Whether anything changed. */
export async function saveCard(tx: Transaction, card: StoredCard, now: Date): Promise<boolean> {
  return (await tx.execute(SAVE, [card.cardRef, card.contractRef, card.status, card.validUntil, now])) > 0;
}
