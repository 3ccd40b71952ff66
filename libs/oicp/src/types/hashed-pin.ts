import { HASH_FUNCTIONS, LEGACY_HASH_FUNCTIONS, type HashFunction, type LegacyHashFunction } from '../enums/authentication.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { hashValue } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { literal, object, text } from '../member/types.ts';

/** How a PIN was hashed in OICP 2.1. Never sent. §7.5 */
export class LegacyHashData {
  /** `MD5` or `SHA-1`. §10 */
  @Member(literal(LEGACY_HASH_FUNCTIONS, { secret: true }), 'mandatory')
  readonly Function?: OpenLiteral<LegacyHashFunction>;

  /** ≤ 100. §7.5 */
  @Member(text({ max: 100, secret: true }), 'optional')
  readonly Salt?: string;

  /** ≤ 20. §7.5 */
  @Member(text({ max: 20, secret: true }), 'optional')
  readonly Value?: string;
}

/** The hash of a QR code's PIN (OICP §7.5). */
export class HashedPIN {
  /** A Bcrypt hash carries its salt itself (E-20). §4 */
  @Member(hashValue, 'mandatory')
  readonly Value?: string;

  /** Always `Bcrypt`. §10 */
  @Member(literal(HASH_FUNCTIONS, { secret: true }), 'mandatory')
  readonly Function?: OpenLiteral<HashFunction>;

  /** Data of OICP 2.1; do not send. §7.5 */
  @Member(object(() => LegacyHashData), 'optional')
  readonly LegacyHashData?: LegacyHashData;
}
