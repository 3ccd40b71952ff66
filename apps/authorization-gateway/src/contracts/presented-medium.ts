import { identificationOf, parseEvcoId, parseUid, type Identification } from '@emp/oicp';
import { Injectable } from '@nestjs/common';
import type { PresentedMedium } from '../domain/authorization.ts';
import type { Contract } from '../domain/contract.ts';
import { CardIndex } from './card-index/card-index.ts';
import { Pseudonyms } from './pseudonyms.ts';

/** A reader that reads backwards does it all day: it is enough to look now and then when there is much to do. */
const REVERSED_LOOKS_PER_SECOND = 100;

/** What a driver showed, joined with what we know of it; from memory alone, so that PINs are not looked at here. */
@Injectable()
export class PresentedMedia {
  #second = 0;
  #looks = 0;

  constructor(
    private readonly index: CardIndex,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  /** A card number or contract id that is none is one we do not know. */
  of(identification: Identification | undefined): PresentedMedium {
    const shown = identificationOf(identification);
    switch (shown.kind) {
      case 'rfid':
        return this.#card(shown.uid);
      case 'qr':
        return { kind: 'qr', contract: this.#contract(shown.evcoId), pin: shown.pin ? 'unchecked' : 'absent' };
      case 'plug-and-charge':
        return { kind: 'plug-and-charge', contract: this.#contract(shown.evcoId) };
      default:
        return { kind: shown.kind };
    }
  }

  /** The keyed fingerprint of a card or a vehicle's contract, known or not; `undefined` for what has none. */
  fingerprintOf(identification: Identification | undefined): string | undefined {
    const shown = identificationOf(identification);
    if (shown.kind === 'rfid') {
      const uid = parseUid(shown.uid);
      return uid.ok ? this.pseudonyms.cardFingerprint(uid.value) : undefined;
    }
    const evcoId = shown.kind === 'plug-and-charge' ? parseEvcoId(shown.evcoId) : undefined;
    return evcoId?.ok ? this.pseudonyms.contractFingerprint(evcoId.value) : undefined;
  }

  /**
   * On a miss: whether the card is known by its number read backwards, readers' classical mistake (OICP §4.4). It costs
   * as much as the miss did, so that under load not every one is looked at.
   */
  isKnownReversed(identification: Identification | undefined): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (second !== this.#second) [this.#second, this.#looks] = [second, 0];
    this.#looks += 1;
    if (this.#looks > REVERSED_LOOKS_PER_SECOND) return false;
    const shown = identificationOf(identification);
    const uid = shown.kind === 'rfid' ? parseUid(shown.uid) : undefined;
    return uid?.ok === true && this.index.card(this.pseudonyms.reversedCardFingerprint(uid.value)) !== undefined;
  }

  #card(text: string): PresentedMedium {
    const uid = parseUid(text);
    const card = uid.ok ? this.index.card(this.pseudonyms.cardFingerprint(uid.value)) : undefined;
    return { kind: 'rfid', card, contract: card && this.index.contract(card.contractRef) };
  }

  #contract(text: string): Contract | undefined {
    const evcoId = parseEvcoId(text);
    if (!evcoId.ok) return undefined;
    return this.index.contract(this.pseudonyms.contractRef(this.pseudonyms.contractFingerprint(evcoId.value)));
  }
}
