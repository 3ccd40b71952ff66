import type { KnownStatusCode } from '@emp/oicp';

/** What a provider does with a code. */
export interface CodeAdvice {
  /** When it is told the code, by HBS or by an operator through HBS. */
  readonly told?: string;
  /** When it is the one to say it. */
  readonly saying?: string;
}

/** What to do about each code (OICP §2.8, §6.3, §11). */
export const CODE_ADVICE: Readonly<Record<KnownStatusCode, CodeAdvice>> = {
  '000': { told: 'go on; keep the SessionID of the reply' },
  '001': {
    told: 'repeat pulls later, with back-off; never repeat a remote start blindly: a second session could begin',
  },
  '002': { told: 'repeat later, with back-off' },
  '009': {
    told: 'send one push after the other, also across replicas; after an insert of unknown outcome send a fullLoad',
  },
  '017': {
    told: 'do not repeat: check certificate, its expiry, and that ProviderID in path and body are the certificate’s',
  },
  '018': { told: 'for operators: one record per EvseID, and only own ones' },
  '019': { told: 'do not repeat: take the EvcoIDs out that are not ours or our sub-providers’' },
  '021': { told: 'repeat what is safe to repeat, later', saying: 'our own failure, answered with HTTP 200' },
  '022': { told: 'do not repeat, our message is wrong; validate it', saying: 'theirs cannot be understood' },
  '101': { saying: 'when the EvcoID of a QR code is unknown or its PIN is wrong; do not say which' },
  '102': {
    saying: 'when the card is unknown; look whether its reversed UID is known, and tell the log, not the driver',
  },
  '103': { told: 'for operators: the reader could not read the card; nothing to do' },
  '105': { saying: 'for an unknown contract in Plug & Charge; 120 is better with ISO 15118' },
  '106': { told: 'after a remote start: tell the driver', saying: 'overload, better at once than late' },
  '110': { saying: 'when the driver did not confirm in the app in time' },
  '120': { saying: 'when the EvcoID of an ISO 15118 certificate is unknown' },
  '121': { saying: 'when the contract certificate is expired, revoked or not ours' },
  '122': { saying: 'when the check of a Plug & Charge contract took too long' },
  '200': { saying: 'when card or contract is blocked' },
  '210': {
    told: 'no active offer or subscription with this operator, settle it in the portal',
    saying: 'the contract has ended',
  },
  '300': {
    told: 'do not repeat: the operator or provider id is wrong, or not connected to this environment (QA, PROD)',
  },
  '310': { told: 'wait for a notification or a record before starting again: the session may have begun nevertheless' },
  '320': { told: 'repeat later what is safe to repeat; tell the driver' },
  '400': {
    told: 'the session is closed or foreign, stop asking; its record is on its way or there',
    saying: 'the same to the operator',
  },
  '501': { told: 'tell the driver to try another EVSE; the operator does not reach this one' },
  '510': { told: 'tell the driver to plug in, then start again' },
  '601': { told: 'tell the driver: reserved by somebody else' },
  '602': { told: 'tell the driver: occupied, or another card than at the start' },
  '603': { told: 'pull the EVSE data again: the id is out of date, or spelled otherwise than the operator spells it' },
  '604': { told: 'offer no remote start at this EVSE: IsHubjectCompatible is false' },
  '700': { told: 'tell the driver to try another EVSE; show it as out of service' },
};
