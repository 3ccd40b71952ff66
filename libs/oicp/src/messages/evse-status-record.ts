import { EVSE_STATUSES, type EvseStatusLiteral } from '../enums/evse.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { evseId } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { literal } from '../member/types.ts';

/** The status of one EVSE; no time of its own (OICP §7.7). */
export class EvseStatusRecord {
  @Member(evseId, 'essential')
  readonly EvseID!: string;

  /** `EvseNotFound`: HBS does not know the id. `Unknown`: nobody said. §10 */
  @Member(literal(EVSE_STATUSES), 'essential', { aliases: ['EVSEStatus'], erratum: 'E-03' })
  readonly EvseStatus!: OpenLiteral<EvseStatusLiteral>;
}
