import { operatorKey } from '@emp/oicp';
import { writeJson } from '../json.ts';
import { DEMO_OPERATOR } from '../network/generator/demo-operator.ts';
import type { OperatorGroup } from '../network/network.ts';
import { evsePricingJson, pricingProductsJson } from '../network/prices.ts';
import { textsOf, type HubCall, type HubOperation } from './hub-call.ts';
import { statusCodeJson } from './status-code.ts';

/** PullPricingProductData (OICP §7.9). An empty list of operators means all of them. */
export const pullPricingProductData: HubOperation = (call) => ({
  text: writeJson({
    PricingProductData: wantedGroups(call).map(pricingProductsJson),
    StatusCode: statusCodeJson({ code: '000' }),
  }),
});

/** PullEVSEPricing (OICP §7.10). */
export const pullEvsePricing: HubOperation = (call) => ({
  text: writeJson({
    EVSEPricing: wantedGroups(call).flatMap((group) => evsePricingJson(group) ?? []),
    StatusCode: statusCodeJson({ code: '000' }),
  }),
});

/** The demo operator has its prices also where a feed is loaded that does not have it. */
function wantedGroups({ world, body }: HubCall): readonly OperatorGroup[] {
  const { network } = world.stations;
  const served = network.groups.some((group) => group.operatorId === DEMO_OPERATOR.operatorId);
  const groups = served ? network.groups : [...network.groups, { ...DEMO_OPERATOR, evses: network.demo }];
  const wanted = textsOf(body['OperatorIDs'] ?? body['OperatorIds']);
  if (wanted === undefined || wanted.length === 0) return groups;
  const keys = new Set(wanted.map(operatorKey));
  return groups.filter((group) => keys.has(operatorKey(group.operatorId)));
}
