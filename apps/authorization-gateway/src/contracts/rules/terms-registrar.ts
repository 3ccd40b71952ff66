import type { Database, Transaction } from '@emp/database';
import { DATABASE } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { PIN_HASH_FUNCTION, hashPin, pinFits } from '../pin/bcrypt-pins.ts';
import { Pseudonyms } from '../pseudonyms.ts';
import type { ContractTerms, StopMedium } from './rules-request.ts';
import { rulesIn, toStore } from './stored-rules.ts';
import {
  forgetAttempts,
  lockTerms,
  saveCredits,
  saveStopMedia,
  saveTerms,
  type StopMediumOf,
  type StoredTerms,
} from './terms.store.ts';

export interface TermsOf {
  readonly contractRef: string;
  readonly terms: ContractTerms;
}

/** Terms whose PIN is a hash by now. */
interface PreparedTerms extends TermsOf {
  /** `undefined`: stays as it is. */
  readonly hashedPin: string | null | undefined;
}

/** Registers what contracts allow: rules, credit, stop media, PIN. What was not given stays as it is. */
@Injectable()
export class TermsRegistrar {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly vault: Vault,
    private readonly pseudonyms: Pseudonyms,
  ) {}

  /** Hashes PINs, which takes its time: before the transaction, one after the other. */
  async prepare(all: readonly TermsOf[]): Promise<readonly PreparedTerms[]> {
    const given = all.filter(({ terms }) => Object.values(terms).some((term) => term !== undefined));
    const withPin = given.filter(({ terms }) => terms.pin).map(({ contractRef }) => contractRef);
    const known = withPin.length === 0 ? new Map<string, string | null>() : await this.#hashes(withPin);
    const prepared: PreparedTerms[] = [];
    for (const each of given) prepared.push({ ...each, hashedPin: await hashOf(each, known.get(each.contractRef)) });
    return prepared;
  }

  /** Returns the contracts whose terms changed. */
  async register(tx: Transaction, given: readonly PreparedTerms[], now: Date): Promise<ReadonlySet<string>> {
    if (given.length === 0) return new Set();
    const stored = new Map(
      (await lockTerms(tx, given.map(({ contractRef }) => contractRef))).map((row) => [row.contract_ref, row]),
    );
    const next = given.map((each) => termsAfter(each, stored.get(each.contractRef)));
    const otherPins = next.filter((each) => stored.get(each.contract_ref)?.hashed_pin !== each.hashed_pin);
    await forgetAttempts(tx, otherPins.map((each) => each.contract_ref));
    const changed = await saveTerms(tx, next, PIN_HASH_FUNCTION, now);
    const credited = await saveCredits(
      tx,
      given.flatMap(({ contractRef, terms: { credit } }) => (credit === undefined ? [] : [{ contractRef, credit }])),
    );
    const listed = given.filter(({ terms }) => terms.stopIdentifications !== undefined);
    const stopping = await saveStopMedia(
      tx,
      listed.map(({ contractRef }) => contractRef),
      listed.flatMap((each) => (each.terms.stopIdentifications ?? []).map((medium) => this.#sealed(each, medium))),
    );
    return new Set([...changed, ...credited, ...stopping]);
  }

  async #hashes(contractRefs: readonly string[]): Promise<Map<string, string | null>> {
    const rows = await this.database.query<{ contract_ref: string; hashed_pin: string | null }>(
      'SELECT contract_ref, hashed_pin FROM contract WHERE contract_ref = ANY($1)',
      [contractRefs],
    );
    return new Map(rows.map((row) => [row.contract_ref, row.hashed_pin]));
  }

  #sealed({ contractRef }: TermsOf, medium: StopMedium): StopMediumOf {
    const [text, fingerprint] =
      medium.kind === 'rfid'
        ? [medium.uid, this.pseudonyms.cardFingerprint(medium.uid)]
        : [medium.evcoId, this.pseudonyms.contractFingerprint(medium.evcoId)];
    return { contractRef, fingerprint, kind: medium.kind, sealed: this.vault.seal(text) };
  }
}

/** The same PIN keeps its hash, so that registering again changes nothing. */
async function hashOf({ terms }: TermsOf, known: string | null | undefined): Promise<string | null | undefined> {
  const { pin, hashedPin } = terms;
  if (pin) return known && (await pinFits(pin, known)) ? known : hashPin(pin);
  return hashedPin ?? (pin === null || hashedPin === null ? null : undefined);
}

function termsAfter({ contractRef, terms, hashedPin }: PreparedTerms, stored: StoredTerms | undefined): StoredTerms {
  const before = rulesIn(stored?.rules ?? {});
  const { hasCredit, hasStopMedia } = before;
  const after = {
    ...(terms.rules === undefined ? before : rulesIn(terms.rules ?? {})),
    hasCredit: terms.credit === undefined ? hasCredit : terms.credit !== null,
    hasStopMedia: terms.stopIdentifications === undefined ? hasStopMedia : Boolean(terms.stopIdentifications?.length),
  };
  return {
    contract_ref: contractRef,
    rules: toStore(after),
    hashed_pin: hashedPin === undefined ? (stored?.hashed_pin ?? null) : hashedPin,
  };
}
