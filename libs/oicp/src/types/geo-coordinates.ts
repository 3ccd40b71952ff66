import { matching, notMatching } from '../member/constraint.ts';
import { Member } from '../member/member.ts';
import { formatted, object } from '../member/types.ts';

const precise = { severity: 'warning', erratum: 'E-49' } as const;
const DEGREE = '-?1?\\d{1,2}\\.\\d+';

/** What some partners send for "no coordinates". */
const NOTHING = /^\s*(?:none|null|nan|undefined)?\s*,?\s*(?:none|null|nan|undefined)?\s*$/i;

const google = formatted('Google coordinates', [
  matching('coordinates-malformed', new RegExp(`^${DEGREE}\\s*,?\\s*${DEGREE}$`), '"latitude longitude" with a decimal point'),
  notMatching('coordinates-too-precise', /\.\d{7}/, 'at most six decimals', precise),
], { nothing: NOTHING, strict: /^-?1?\d{1,2}\.\d{1,6}\s*,?\s*-?1?\d{1,2}\.\d{1,6}$/ });

const decimalDegree = formatted('a decimal degree', [
  matching('coordinates-malformed', new RegExp(`^${DEGREE}$`), 'degrees with a decimal point, like 9.360922'),
  notMatching('coordinates-too-precise', /\.\d{7}/, 'at most six decimals', precise),
], { nothing: NOTHING, strict: /^-?1?\d{1,2}\.\d{1,6}$/ });

const degreeMinuteSeconds = formatted('degrees, minutes and seconds', [
  matching('coordinates-malformed', /^-?1?\d{1,2}°[ ]?\d{1,2}'[ ]?\d{1,2}\.\d+''$/, "like 9°21'39.32''"),
]);

/** One text "latitude longitude". §9.3 */
export class GoogleCoordinates {
  /** Up to six decimals; more occur (E-49). §4 */
  @Member(google, 'essential', { aliases: ['Coordinatea'], erratum: 'E-49' })
  readonly Coordinates!: string;
}

/** Degrees as texts. §9.3 */
export class DecimalDegreeCoordinates {
  @Member(decimalDegree, 'essential')
  readonly Longitude!: string;

  @Member(decimalDegree, 'essential')
  readonly Latitude!: string;
}

/** Degrees, minutes, seconds as texts. §9.3 */
export class DegreeMinuteSecondsCoordinates {
  @Member(degreeMinuteSeconds, 'essential')
  readonly Longitude!: string;

  @Member(degreeMinuteSeconds, 'essential')
  readonly Latitude!: string;
}

/** A place in one of three notations; the pull asks for one, the others are null. `positionOf` reads any. §9.3 */
export class GeoCoordinates {
  @Member(object(() => GoogleCoordinates, { bareTextIs: 'Coordinates', nothing: NOTHING, erratum: 'E-49' }), 'optional')
  readonly Google?: GoogleCoordinates;

  @Member(object(() => DecimalDegreeCoordinates), 'optional')
  readonly DecimalDegree?: DecimalDegreeCoordinates;

  @Member(object(() => DegreeMinuteSecondsCoordinates), 'optional')
  readonly DegreeMinuteSeconds?: DegreeMinuteSecondsCoordinates;
}
