import { identificationOf, parseEvcoId, type Identification } from '@emp/oicp';
import { Injectable } from '@nestjs/common';
import { Pseudonyms } from '../contracts/pseudonyms.ts';

/** Whose a session may be, by what a message of it says. */
export interface HeardIdentity {
  readonly heardContractRef: string | null;
  readonly heardEmpSessionId: string | null;
}

/** Our own ids have this form; whatever else stands in that member is not kept. */
const OWN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@Injectable()
export class HeardIdentities {
  constructor(private readonly pseudonyms: Pseudonyms) {}

  of(identification: Identification | undefined, empPartnerSessionId: string | undefined): HeardIdentity {
    return {
      heardContractRef: this.#contractRef(identification),
      heardEmpSessionId: OWN_ID.test(empPartnerSessionId ?? '') ? (empPartnerSessionId ?? null) : null,
    };
  }

  #contractRef(identification: Identification | undefined): string | null {
    const shown = identificationOf(identification);
    if (shown.kind === 'none') return null;
    const evcoId = shown.kind === 'remote' ? parseEvcoId(shown.evcoId) : undefined;
    return evcoId?.ok === true
      ? this.pseudonyms.contractRef(this.pseudonyms.contractFingerprint(evcoId.value))
      : 'another-medium';
  }
}
