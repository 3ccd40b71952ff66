import { ACTION_TYPES, type ActionType } from '../enums/authentication.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { providerId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { list, literal, object } from '../member/types.ts';
import { Identification } from '../types/identification.ts';

/** One card or contract that HBS may authorize for us. §7.5 */
export class AuthenticationDataRecord {
  @Member(object(() => Identification), 'essential')
  readonly Identification!: Identification;
}

export class ProviderAuthenticationData {
  @Member(providerId, 'essential')
  readonly ProviderID!: string;

  /** May be empty: a full load of nothing deletes everything. §7.5 */
  @Member(list(object(() => AuthenticationDataRecord), { records: true }), 'essential')
  readonly AuthenticationDataRecord!: readonly AuthenticationDataRecord[];
}

/** The card list of an offline provider; eRoamingPushAuthenticationData 2.1 (OICP §7.5). One push at a time. */
export class PushAuthenticationData {
  /** `fullLoad` replaces everything; `insert` fails as a whole if one exists, `update` if one does not. §7.5 */
  @Member(literal(ACTION_TYPES), 'essential')
  readonly ActionType!: OpenLiteral<ActionType>;

  @Member(object(() => ProviderAuthenticationData), 'essential')
  readonly ProviderAuthenticationData!: ProviderAuthenticationData;
}
