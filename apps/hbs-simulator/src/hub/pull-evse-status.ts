import { operatorKey } from '@emp/oicp';
import { writeJson, type Json } from '../json.ts';
import type { Network, OperatorGroup } from '../network/network.ts';
import { faultBody, missing, textsOf, type HubOperation, type HubReply } from './hub-call.ts';
import { statusCodeJson } from './status-code.ts';

/** The three status pulls (OICP §7.7), unpaged. */
export const pullEvseStatus: HubOperation = ({ world }) => statuses(world.stations.network, world.stations.network.groups);

export const pullEvseStatusByOperatorId: HubOperation = ({ world, body }) => {
  const wanted = textsOf(body['OperatorID']);
  if (wanted === undefined || wanted.length === 0) return missing('operatorID');
  const keys = new Set(wanted.map(operatorKey));
  const { network } = world.stations;
  return statuses(network, network.groups.filter((group) => keys.has(operatorKey(group.operatorId))));
};

export const pullEvseStatusById: HubOperation = ({ world, body }) => {
  const wanted = textsOf(body['EvseID']);
  if (wanted === undefined || wanted.length === 0) return missing('evseID');
  if (wanted.length > 100) return faultBody('Error parsing/validating JSON.', [{ field: 'evseID', error: 'size must be between 1 and 100' }]);
  const { network } = world.stations;
  const records = wanted.map((evseId): Json => {
    const evse = network.evse(evseId);
    return { EvseID: evseId, EvseStatus: evse === undefined ? 'EvseNotFound' : network.statusOf(evse) };
  });
  return { text: writeJson({ EVSEStatusRecords: { EvseStatusRecord: records }, StatusCode: statusCodeJson({ code: '000' }) }) };
};

function statuses(network: Network, groups: readonly OperatorGroup[]): HubReply {
  const operators = groups.map((group) => {
    const records = group.evses.map((evse) => `{"EvseID":${JSON.stringify(evse.evseId)},"EvseStatus":"${network.statusOf(evse)}"}`);
    const name = JSON.stringify(group.operatorName);
    return `{"OperatorID":${JSON.stringify(group.operatorId)},"OperatorName":${name},"EvseStatusRecord":[${records.join(',')}]}`;
  });
  const code = writeJson(statusCodeJson({ code: '000' }));
  return { text: `{"EvseStatuses":{"OperatorEvseStatus":[${operators.join(',')}]},"StatusCode":${code}}` };
}
