import { evseId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list, object } from '../member/types.ts';
import { Page } from '../types/page.ts';

/** An EVSE of a tariff group. §14 */
export class ContractEvse {
  @Member(evseId, 'essential', { aliases: ['EvseID'] })
  readonly evseId!: string;
}

/** A page of the EVSEs to which the prices of a group apply; NGP, not OICP (§14). */
export class ContractEvsesPage extends Page {
  @Member(list(object(() => ContractEvse), { records: true }), 'essential')
  readonly content!: readonly ContractEvse[];
}
