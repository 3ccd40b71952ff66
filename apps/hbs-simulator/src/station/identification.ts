import type { Json } from '../json.ts';

/** What starts a session: a card, or the app of a driver. */
export type Medium = { readonly uid: string } | { readonly evcoId: string };

/** All five members, four of them null, as HBS writes them (OICP §9.7). */
export const identificationJson = (medium: Medium): Json => ({
  RFIDMifareFamilyIdentification: 'uid' in medium ? { UID: medium.uid } : null,
  RFIDIdentification: null,
  QRCodeIdentification: null,
  PlugAndChargeIdentification: null,
  RemoteIdentification: 'evcoId' in medium ? { EvcoID: medium.evcoId } : null,
});
