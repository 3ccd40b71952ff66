import { isStrictEvcoId, parseUid, providerKey, providerOfEvcoId, type Identification } from '@emp/oicp';
import type { Vault } from '@emp/vault';
import type { ProviderConnection } from '../../providers.ts';
import type { ListRecord } from './list-record.ts';

/** A record in OICP's words, or why HBS would not take it. The reason names neither card nor contract. */
export type Worded =
  | { readonly record: ListRecord; readonly identification: Identification }
  | { readonly record: ListRecord; readonly unfit: string };

/** OICP §7.5 and §9.7. What HBS would refuse with 019 or 022 is found here, without a call. */
export function wordRecord(record: ListRecord, connection: ProviderConnection, vault: Vault): Worded {
  if (record.sealed === null) return { record, unfit: 'we do not know its card or contract any more' };
  const text = vault.open(record.sealed);
  if (record.kind === 'rfid') {
    const uid = parseUid(text);
    if (!uid.ok) return { record, unfit: 'its card number is none' };
    return { record, identification: { RFIDMifareFamilyIdentification: { UID: uid.value } } };
  }
  if (!isStrictEvcoId(text)) return { record, unfit: 'its contract id is not of the form HBS takes (OICP §4.1)' };
  const owner = providerKey(providerOfEvcoId(text));
  if (!connection.members.some(({ providerId }) => providerKey(providerId) === owner)) {
    return { record, unfit: `its contract id is of no provider of ${connection.connectionId} (OICP 019)` };
  }
  switch (record.kind) {
    case 'plug-and-charge':
      return { record, identification: { PlugAndChargeIdentification: { EvcoID: text } } };
    case 'remote':
      return { record, identification: { RemoteIdentification: { EvcoID: text } } };
    case 'qr':
      return wordQr(record, text);
  }
}

/** To be deleted, a contract is named without its PIN. */
function wordQr(record: ListRecord, evcoId: string): Worded {
  const { hashedPin, pinHashFunction } = record;
  if (hashedPin === null) return { record, identification: { QRCodeIdentification: { EvcoID: evcoId } } };
  if (pinHashFunction !== 'Bcrypt') return { record, unfit: 'its PIN is not hashed with Bcrypt (OICP §7.5)' };
  const HashedPIN = { Value: hashedPin, Function: pinHashFunction };
  return { record, identification: { QRCodeIdentification: { EvcoID: evcoId, HashedPIN } } };
}
