import type { Queryable } from '@emp/database';
import type { Identification } from '@emp/oicp';
import type { Vault } from '@emp/vault';

interface Row {
  readonly kind: 'rfid' | 'plug-and-charge';
  readonly sealed: string;
}

const LISTED = {
  name: 'stop-media-listed',
  text: 'SELECT kind, sealed FROM contract_stop_medium WHERE contract_ref = $1 ORDER BY fingerprint',
};
const IS_LISTED = {
  name: 'stop-media-is-listed',
  text: 'SELECT 1 AS listed FROM contract_stop_medium WHERE contract_ref = $1 AND fingerprint = $2',
};

/** Who else may stop a contract's sessions, as HBS wants to be told (OICP §8.1). */
export async function stopIdentifications(
  database: Queryable,
  contractRef: string,
  vault: Vault,
): Promise<readonly Identification[]> {
  const rows = await database.prepared<Row>(LISTED, [contractRef]);
  return rows.map(({ kind, sealed }): Identification =>
    kind === 'rfid'
      ? { RFIDMifareFamilyIdentification: { UID: vault.open(sealed) } }
      : { PlugAndChargeIdentification: { EvcoID: vault.open(sealed) } },
  );
}

export async function isStopMedium(database: Queryable, contractRef: string, fingerprint: string): Promise<boolean> {
  return (await database.prepared(IS_LISTED, [contractRef, fingerprint])).length > 0;
}
