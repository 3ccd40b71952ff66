import { RFID_TYPES, type RfidType } from '../enums/authentication.ts';
import type { OpenLiteral } from '../enums/open-literal.ts';
import { dateTime, evcoId, uid } from '../member/formats.ts';
import { Member } from '../member/member.ts';
import { literal, object, text } from '../member/types.ts';
import { HashedPIN } from './hashed-pin.ts';

/** A card, by its UID alone. Used in authorization. §9.7 */
export class RFIDMifareFamilyIdentification {
  /** 8, 14 or 20 hexadecimal digits, upper case, most significant byte first. §4.4 */
  @Member(uid, 'essential')
  readonly UID!: string;
}

/** A card with what is known about it. Only in authentication data; must not be used to authorize. §6.4 */
export class RFIDIdentification {
  /** §4.4 */
  @Member(uid, 'essential')
  readonly UID!: string;

  /** Contract of the card. §4.1 */
  @Member(evcoId, 'optional')
  readonly EvcoID?: string;

  /** Technology of the card. §10 */
  @Member(literal(RFID_TYPES, { secret: true }), 'mandatory')
  readonly RFID?: OpenLiteral<RfidType>;

  /** Number printed on the card; ≤ 150. §7.5 */
  @Member(text({ max: 150, secret: true }), 'optional')
  readonly PrintedNumber?: string;

  /** End of the card's life; HBS is not known to enforce it: push a delete. §7.5 */
  @Member(dateTime, 'optional')
  readonly ExpiryDate?: string;
}

/** A contract and a PIN, typed into an app after scanning a QR code. §9.7 */
export class QRCodeIdentification {
  /** §4.1 */
  @Member(evcoId, 'essential')
  readonly EvcoID!: string;

  /** In authentication data; must be absent in authorization. §9.7 */
  @Member(object(() => HashedPIN), 'optional')
  readonly HashedPIN?: HashedPIN;

  /** In clear text, ≤ 20. Never log it. §9.7 */
  @Member(text({ max: 20, secret: true }), 'optional')
  readonly PIN?: string;
}

/** The contract in a car's certificate. §9.7 */
export class PlugAndChargeIdentification {
  /** 14 characters without check digit occur (E-18). §4.1 */
  @Member(evcoId, 'essential')
  readonly EvcoID!: string;
}

/** The contract for which an app or a call centre starts a session. §9.7 */
export class RemoteIdentification {
  /** §4.1 */
  @Member(evcoId, 'essential')
  readonly EvcoID!: string;
}

/** Who charges: exactly one of five kinds. Real messages carry all five with four nulls; examples fill all (E-53). §9.7 */
export class Identification {
  @Member(object(() => RFIDMifareFamilyIdentification), 'optional')
  readonly RFIDMifareFamilyIdentification?: RFIDMifareFamilyIdentification;

  @Member(object(() => RFIDIdentification), 'optional')
  readonly RFIDIdentification?: RFIDIdentification;

  @Member(object(() => QRCodeIdentification), 'optional')
  readonly QRCodeIdentification?: QRCodeIdentification;

  @Member(object(() => PlugAndChargeIdentification), 'optional')
  readonly PlugAndChargeIdentification?: PlugAndChargeIdentification;

  @Member(object(() => RemoteIdentification), 'optional')
  readonly RemoteIdentification?: RemoteIdentification;
}
