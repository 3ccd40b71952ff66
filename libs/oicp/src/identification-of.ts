import type { Identification } from './types/identification.ts';

/** Who a driver says to be. The texts are as they came: `parseUid`, `evcoKey` make them comparable. */
export type IdentifiedDriver =
  | { readonly kind: 'rfid'; readonly uid: string }
  | { readonly kind: 'qr'; readonly evcoId: string; readonly pin?: string }
  | { readonly kind: 'plug-and-charge'; readonly evcoId: string }
  | { readonly kind: 'remote'; readonly evcoId: string }
  | { readonly kind: 'none' };

/**
 * The one kind of identification a message means. Examples fill all five; the precedence is RFID (Mifare, then the
 * card with data), Plug & Charge, QR code, remote (OICP §6.4).
 */
export function identificationOf(identification: Identification | undefined): IdentifiedDriver {
  const card = identification?.RFIDMifareFamilyIdentification ?? identification?.RFIDIdentification;
  if (card !== undefined) return { kind: 'rfid', uid: card.UID };
  const car = identification?.PlugAndChargeIdentification;
  if (car !== undefined) return { kind: 'plug-and-charge', evcoId: car.EvcoID };
  const qr = identification?.QRCodeIdentification;
  if (qr !== undefined) return { kind: 'qr', evcoId: qr.EvcoID, ...(qr.PIN === undefined ? {} : { pin: qr.PIN }) };
  const remote = identification?.RemoteIdentification;
  return remote === undefined ? { kind: 'none' } : { kind: 'remote', evcoId: remote.EvcoID };
}
