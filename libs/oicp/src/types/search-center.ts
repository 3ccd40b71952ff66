import { matching } from '../member/constraint.ts';
import { Member } from '../member/member.ts';
import { decimal, object } from '../member/types.ts';
import { GeoCoordinates } from './geo-coordinates.ts';

/** A circle in which EVSEs are looked for. §7.6 */
export class SearchCenter {
  @Member(object(() => GeoCoordinates), 'mandatory')
  readonly GeoCoordinates?: GeoCoordinates;

  /** km, Decimal(4,1). §7.6 */
  @Member(decimal({
    places: 1, weight: { severity: 'error' },
    pattern: matching('above-maximum', /^-?\d{1,3}(?:\.|$)/, 'at most 999.9 km'),
  }), 'mandatory')
  readonly Radius?: string;
}
