import { operatorKey } from '@emp/oicp';
import { writeJson } from '../json.ts';
import type { Evse } from '../network/evse.ts';
import { shifted } from './get-charge-detail-records.ts';
import { faultBody, instantOf, missing, textsOf, type HubCall, type HubOperation } from './hub-call.ts';
import { pageJson, pageRequestOf } from './spring-page.ts';
import { statusCodeJson } from './status-code.ts';

/** PullEvseData (OICP §7.6): the records as their operators spelled them; with `LastCall` only what changed since. */
export const pullEvseData: HubOperation = (call) => {
  const { world, body, query } = call;
  if (body['GeoCoordinatesResponseFormat'] === undefined) return missing('geoCoordinatesResponseFormat');
  const lastCall = instantOf(body['LastCall']);
  if (lastCall !== undefined && ['SearchCenter', 'CountryCodes', 'OperatorIds'].some((name) => (body[name] ?? null) !== null)) {
    return faultBody('Error parsing/validating JSON.', [{ field: 'lastCall', error: 'must not be combined with a filter' }]);
  }
  const request = pageRequestOf(query);
  const matching = lastCall === undefined ? filtered(call) : changedSince(call, lastCall);
  const offset = shifted(request.number * request.size, world.faults.pageShift);
  const content = matching.slice(offset, offset + request.size)
    .map((evse) => (lastCall === undefined ? evse.text : withDelta(evse)));
  return { text: pageJson(request, matching.length, content, writeJson(statusCodeJson({ code: '000' }))) };
};

function filtered({ world, body }: HubCall): readonly Evse[] {
  const operators = setOf(body['OperatorIds'] ?? body['OperatorIDs'], operatorKey);
  const countries = setOf(body['CountryCodes'], (code) => code.toUpperCase());
  const compatible = typeof body['IsHubjectCompatible'] === 'boolean' ? body['IsHubjectCompatible'] : undefined;
  if (operators === undefined && countries === undefined && compatible === undefined) return world.stations.network.evses;
  return world.stations.network.evses.filter((evse) =>
    (operators === undefined || operators.has(operatorKey(evse.operatorId)))
    && (countries === undefined || countries.has(evse.country))
    && (compatible === undefined || evse.hubjectCompatible === compatible));
}

function changedSince({ world }: HubCall, lastCall: number): readonly Evse[] {
  const { network } = world.stations;
  return [...network.evses, ...network.gone].filter((evse) => evse.changedAtMs >= lastCall);
}

const withDelta = (evse: Evse): string => JSON.stringify({
  ...JSON.parse(evse.text) as Record<string, unknown>,
  deltaType: evse.deltaType,
});

function setOf(value: unknown, key: (text: string) => string): ReadonlySet<string> | undefined {
  const texts = textsOf(value);
  return texts === undefined || texts.length === 0 ? undefined : new Set(texts.map(key));
}
