/**
 * What HBS should hold: it does not end a card by itself (OICP §7.5), so whatever may not charge now is left out.
 * $1 now; $2…$5 provider ids whose cards, PINs, vehicles, apps are uploaded; $6 the connection; $7 contracts,
 * null = all.
 */
export const WANTED = `
  SELECT 'rfid' AS kind, card.card_ref AS subject_ref, contract.contract_ref, '' AS content,
    greatest(card.changed_at, contract.changed_at) AS version, card.sealed_uid AS sealed,
    NULL AS hashed_pin, NULL AS pin_hash_function
  FROM card JOIN contract USING (contract_ref)
  WHERE contract.provider_id = ANY($2::text[]) AND ($7::text[] IS NULL OR card.contract_ref = ANY($7))
    AND card.status = 'active' AND (card.valid_until IS NULL OR card.valid_until > $1) AND (VALID_CONTRACT)
  UNION ALL
  SELECT 'qr', contract_ref, contract_ref, encode(sha256(convert_to(hashed_pin, 'UTF8')), 'hex'), changed_at,
    sealed_evco_id, hashed_pin, pin_hash_function
  FROM contract
  WHERE provider_id = ANY($3::text[]) AND ($7::text[] IS NULL OR contract_ref = ANY($7))
    AND hashed_pin IS NOT NULL AND (VALID_CONTRACT)
  UNION ALL
  SELECT 'plug-and-charge', contract_ref, contract_ref, '', changed_at, sealed_evco_id, NULL, NULL
  FROM contract
  WHERE provider_id = ANY($4::text[]) AND ($7::text[] IS NULL OR contract_ref = ANY($7))
    AND rules->>'vehicleCertificate' IS DISTINCT FROM 'revoked' AND (VALID_CONTRACT)
  UNION ALL
  SELECT 'remote', contract_ref, contract_ref, '', changed_at, sealed_evco_id, NULL, NULL
  FROM contract
  WHERE provider_id = ANY($5::text[]) AND ($7::text[] IS NULL OR contract_ref = ANY($7)) AND (VALID_CONTRACT)`
  .replaceAll('VALID_CONTRACT', `contract.status = 'active' AND contract.valid_from <= $1
    AND (contract.valid_until IS NULL OR contract.valid_until > $1)`);

/** Without those that HBS refused as they are now. */
export const PUSHED = `
  SELECT * FROM (${WANTED}) AS wanted
  WHERE NOT EXISTS (
    SELECT FROM authentication_refusal AS refusal
    WHERE refusal.provider_id = $6 AND refusal.kind = wanted.kind AND refusal.subject_ref = wanted.subject_ref
      AND refusal.content = wanted.content AND refusal.version = wanted.version)`;

const HELD = `
  SELECT kind, subject_ref, content FROM authentication_record
  WHERE provider_id = $6 AND ($7::text[] IS NULL OR subject_ref = ANY($7)
    OR subject_ref IN (SELECT card_ref FROM card WHERE card.contract_ref = ANY($7)))`;

/** What is to be done so that HBS holds what it should. */
export const DIFFERENCES = `
  SELECT CASE WHEN held.content IS NULL THEN 'insert' WHEN pushed.content IS NULL THEN 'delete' ELSE 'update'
    END AS action,
    kind, subject_ref, coalesce(pushed.contract_ref, known.contract_ref) AS contract_ref,
    coalesce(pushed.content, '') AS content, pushed.version,
    coalesce(pushed.sealed, CASE kind WHEN 'rfid' THEN lost.sealed_uid ELSE known.sealed_evco_id END) AS sealed,
    pushed.hashed_pin, pushed.pin_hash_function
  FROM (${PUSHED}) AS pushed FULL JOIN (${HELD}) AS held USING (kind, subject_ref)
  LEFT JOIN card AS lost ON pushed.content IS NULL AND kind = 'rfid' AND lost.card_ref = subject_ref
  LEFT JOIN contract AS known
    ON pushed.content IS NULL AND known.contract_ref = coalesce(lost.contract_ref, subject_ref)
  WHERE held.content IS DISTINCT FROM pushed.content`;

/** Order-independent, so that two lists are equal when their hashes are. */
export const hashOf = (list: string): string => `
  SELECT count(*)::int AS records,
    lpad(to_hex(coalesce(bit_xor(hashtextextended(kind || '/' || subject_ref || '/' || content, 0)), 0)), 16, '0')
      AS hash
  FROM (${list}) AS list`;
