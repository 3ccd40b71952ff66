import { METERING_STATUSES, type MeteringStatus } from '../enums/session.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { Member } from '../member/member.ts';
import { literal, text } from '../member/types.ts';

/** A meter value with its signature (OCMF, EDL40, …), byte for byte as the station made it. §12 */
export class SignedMeteringValue {
  /** ≤ 3000 by the text, longer ones pass through HBS (E-31): never trim, whitespace is signed too. §8.3 */
  @Member(text({ max: 3000, weight: { severity: 'warning', erratum: 'E-31' } }), 'optional')
  readonly SignedMeteringValue?: string;

  /** Where in the session it was taken. §10 */
  @Member(literal(METERING_STATUSES), 'optional')
  readonly MeteringStatus?: OpenLiteral<MeteringStatus>;
}

/** What a driver needs to check the signatures. §9.6 */
export class CalibrationLawVerificationInfo {
  /** ≤ 100; "ComplianceID : Revision : Date". §9.6 */
  @Member(text({ max: 100 }), 'optional')
  readonly CalibrationLawCertificateID?: string;

  /** Of the meter; ≤ 1000. §9.6 */
  @Member(text({ max: 1000 }), 'optional')
  readonly PublicKey?: string;

  /** ≤ 200 (100 in the swagger, E-31). §9.6 */
  @Member(text({ max: 200, weight: { erratum: 'E-31' } }), 'optional')
  readonly MeteringSignatureUrl?: string;

  /** E.g. `EDL40 Mennekes: V1`; ≤ 50. §9.6 */
  @Member(text({ max: 50 }), 'optional')
  readonly MeteringSignatureEncodingFormat?: string;

  /** ≤ 400. §9.6 */
  @Member(text({ max: 400 }), 'optional')
  readonly SignedMeteringValuesVerificationInstruction?: string;
}
