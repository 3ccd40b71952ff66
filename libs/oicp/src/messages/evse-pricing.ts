import { evseId, operatorId, productId, providerIdOrAll } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list, object, text } from '../member/types.ts';
import { StatusCode } from '../types/status-code.ts';

/** The products of one EVSE for one provider or for all; an entry for a provider beats `*`. §7.10 */
export class EvsePricingRecord {
  @Member(evseId, 'essential')
  readonly EvseID!: string;

  /** `*` = every provider (E-42). §7.10 */
  @Member(providerIdOrAll, 'mandatory', { erratum: 'E-42' })
  readonly ProviderID?: string;

  /** ProductIDs, at least one. §7.10 */
  @Member(list(productId, { notEmpty: true }), 'mandatory')
  readonly EvseIDProductList?: readonly string[];
}

/** The EVSEs of one operator; the list inside has the name of the list outside. §7.10 */
export class OperatorEvsePricing {
  @Member(operatorId, 'mandatory')
  readonly OperatorID?: string;

  /** ≤ 100. §7.10 */
  @Member(text({ max: 100, weight: { severity: 'warning' } }), 'optional')
  readonly OperatorName?: string;

  @Member(list(object(() => EvsePricingRecord), { records: true }), 'essential')
  readonly EVSEPricing!: readonly EvsePricingRecord[];
}

/** Which EVSE has which products; the reply to PullEVSEPricing (OICP §7.10). */
export class EvsePricing {
  /** The table calls it OperatorEVSEPricing (E-38). */
  @Member(
    list(object(() => OperatorEvsePricing), { records: true }), 'essential',
    { aliases: ['OperatorEVSEPricing'], erratum: 'E-38' },
  )
  readonly EVSEPricing!: readonly OperatorEvsePricing[];

  @Member(object(() => StatusCode), 'optional')
  readonly StatusCode?: StatusCode;
}
