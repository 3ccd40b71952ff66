import { Member } from '../member/member.ts';
import { object } from '../member/types.ts';
import { StatusCode } from '../types/status-code.ts';
import { EvseStatuses } from './evse-status.ts';

/** The status of some operators' EVSEs; the reply to PullEvseStatusByOperatorID (OICP §7.7). */
export class EvseStatusByOperatorId {
  @Member(
    object(() => EvseStatuses, { bareListIs: 'OperatorEvseStatus' }), 'essential', { aliases: ['EVSEStatuses'] },
  )
  readonly EvseStatuses!: EvseStatuses;

  @Member(object(() => StatusCode), 'optional')
  readonly StatusCode?: StatusCode;
}
