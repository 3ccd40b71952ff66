import { evseKey, operatorKey, providerKey } from '@emp/oicp';
import type { CaseRow, ChangedCase } from './case-row.ts';

/** A case to be stored, with the keys by which it is found, whatever spelling is asked for. */
export function changedCase(basedOn: number, changed: CaseRow): ChangedCase {
  const { providerId, operatorId, evseId } = changed;
  return {
    ...changed, basedOn, providerKey: providerKey(providerId),
    operatorKey: operatorId === null ? null : operatorKey(operatorId),
    evseKey: evseId === null ? null : evseKey(evseId),
  };
}
