import type { PresentedMedium } from '../domain/authorization.ts';
import type { GrantedSession } from './authorize-start.store.ts';

/** Our names for what a driver showed; nothing for what we do not know. */
export interface MediumRefs {
  readonly contractRef?: string | undefined;
  readonly cardRef?: string | undefined;
}

export function refsOf(medium: PresentedMedium): MediumRefs {
  switch (medium.kind) {
    case 'rfid':
      return { contractRef: medium.card?.contractRef, cardRef: medium.card?.cardRef };
    case 'qr':
    case 'plug-and-charge':
      return { contractRef: medium.contract?.contractRef };
    default:
      return {};
  }
}

/** A card may have moved to another contract since: it is still the card that was shown. */
export const isSameMedium = (session: GrantedSession, shown: MediumRefs): boolean =>
  session.card_ref === null
    ? session.contract_ref === shown.contractRef && shown.cardRef === undefined
    : session.card_ref === shown.cardRef;
