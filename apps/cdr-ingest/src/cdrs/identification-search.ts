import { evcoKey, parseEvcoId, parseUid } from '@emp/oicp';
import { Problem } from '@emp/service-kit';
import type { Vault } from '@emp/vault';

/**
 * The keyed hash that records of a card or a contract carry; `undefined` if neither is asked for.
 * @throws Problem 400 `identification-malformed`, which never repeats the number.
 */
export function fingerprintOf(
  vault: Vault, { uid, contractId }: { readonly uid?: string | undefined; readonly contractId?: string | undefined },
): string | undefined {
  if (uid !== undefined && contractId !== undefined) throw malformed('/uid or /contractId, not both');
  if (uid !== undefined) {
    const read = parseUid(uid);
    if (!read.ok) throw malformed('/uid is not the number of a card: 8, 14 or 20 hexadecimal digits');
    return vault.fingerprint('uid', read.value);
  }
  if (contractId === undefined) return undefined;
  if (!parseEvcoId(contractId).ok) throw malformed('/contractId is not an EvcoID, e.g. DE-ABC-C12345678-X');
  return vault.fingerprint('evco', evcoKey(contractId));
}

const malformed = (detail: string): Problem => new Problem(400, 'identification-malformed', detail);
