import { SessionAuthorizedV1, newEvent, type SessionAuthorizedData } from '@emp/events';
import { newId } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import type { Identification, KnownStatusCode } from '@emp/oicp';
import { OUTBOX } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../config.ts';
import { CardIndex } from '../contracts/card-index/card-index.ts';
import { PresentedMedia } from '../contracts/presented-medium.ts';
import { decideAuthorization, type AuthorizationDecision, type PresentedMedium } from '../domain/authorization.ts';
import type { OutcomeFacts } from '../door/door-operation.ts';
import { Providers } from '../providers.ts';
import { CONFIG } from '../tokens.ts';
import { AuthorizeStartStore, DENIED, type GrantedSession } from './authorize-start.store.ts';
import { ToldDenials } from './told-denials.ts';

export interface StartQuestion {
  readonly sessionId: string;
  readonly operatorId: string;
  readonly evseId: string | null;
  readonly cpoPartnerSessionId: string | undefined;
  readonly identification: Identification;
  readonly processId: string | null;
  readonly at: Date;
  readonly about: OutcomeFacts;
}

export type StartVerdict =
  | { readonly status: 'Authorized'; readonly providerId: string; readonly empPartnerSessionId: string }
  | { readonly status: 'NotAuthorized'; readonly code: KnownStatusCode };

/**
 * Decides from memory; writes only when the answer is yes, or when a known card asks again about a session it was
 * granted before. A yes is durable, with its event, before it is told; the same SessionID hears the same answer.
 */
@Injectable()
export class AuthorizeStartHandler {
  readonly #longestStale: number;

  constructor(
    private readonly media: PresentedMedia,
    private readonly providers: Providers,
    private readonly store: AuthorizeStartStore,
    private readonly denials: ToldDenials,
    private readonly vault: Vault,
    private readonly index: CardIndex,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CONFIG) config: GatewayConfig,
  ) {
    this.#longestStale = config.CARD_INDEX_MAX_STALE_SECONDS || Infinity;
  }

  decide(question: StartQuestion): StartVerdict | Promise<StartVerdict> {
    if (this.index.staleSeconds > this.#longestStale) {
      question.about.rule = 'cards-too-stale';
      return { status: 'NotAuthorized', code: '320' };
    }
    const medium = this.media.of(question.identification);
    const providerId = 'contract' in medium ? medium.contract?.providerId : undefined;
    const providerMode = providerId === undefined ? undefined : this.providers.modeOf(providerId);
    const decision = decideAuthorization({ medium, providerMode }, question.at.getTime());
    question.about.rule = decision.explanation.rule;
    if (decision.status === 'Authorized') return this.#grant(question, decision);
    if (decision.code === '102' && this.media.isKnownReversed(question.identification))
      question.about.hint = 'reversed-uid-known';
    const refusal = { status: 'NotAuthorized', code: decision.code } as const;
    return refsOf(medium).contractRef === undefined ? refusal : this.#repeatOr(refusal, question, medium);
  }

  async #grant(
    question: StartQuestion,
    decision: AuthorizationDecision & { readonly status: 'Authorized' },
  ): Promise<StartVerdict> {
    const { contract, card, explanation } = decision;
    const { sessionId, operatorId, evseId, processId, at } = question;
    question.about.contractRef = contract.contractRef;
    if (this.denials.has(sessionId)) return deniedBefore(question);
    const identification = card ? 'rfid' : (explanation.facts['identification'] as 'qr' | 'plug-and-charge');
    const granted: SessionAuthorizedData = {
      sessionId,
      providerId: contract.providerId,
      contractRef: contract.contractRef,
      cardRef: card?.cardRef ?? null,
      operatorId,
      evseId,
      identification,
      tariffPlanId: contract.tariffPlanId,
      authorizedAt: at.toISOString(),
    };
    const event = newEvent(SessionAuthorizedV1, granted, { time: at });
    const session = await this.store.grant(
      {
        ...granted,
        empPartnerSessionId: newId(),
        processId,
        explanation,
        at,
        sealedCpoSessionId:
          question.cpoPartnerSessionId === undefined ? null : this.vault.seal(question.cpoPartnerSessionId),
      },
      this.outbox.row(event),
    );
    if (session === DENIED) return deniedBefore(question);
    if (session.told === 'now') this.outbox.appended();
    else question.about.rule = 'repeated';
    return this.#verdictOf(session, { contractRef: contract.contractRef, cardRef: card?.cardRef }, question);
  }

  /** A card that is refused now may have been granted this very session before: then the answer stands. */
  async #repeatOr(refusal: StartVerdict, question: StartQuestion, medium: PresentedMedium): Promise<StartVerdict> {
    const session = await this.store.granted(question.sessionId);
    if (!session || session === DENIED || !isSameMedium(session, refsOf(medium))) return refusal;
    question.about.rule = 'repeated';
    return this.#verdictOf(session, refsOf(medium), question);
  }

  /** HBS was told 021 although a yes may be on its way into the database: then 021 it is. */
  toldFailure({ sessionId, contractRef }: OutcomeFacts, at: Date): void {
    if (sessionId && contractRef) this.denials.add(sessionId, at);
  }

  #verdictOf(session: GrantedSession, shown: MediumRefs, question: StartQuestion): StartVerdict {
    if (isSameMedium(session, shown)) {
      return {
        status: 'Authorized',
        providerId: session.provider_id,
        empPartnerSessionId: session.emp_partner_session_id,
      };
    }
    question.about.rule = 'session-of-another-medium';
    return { status: 'NotAuthorized', code: '400' };
  }
}

function deniedBefore(question: StartQuestion): StartVerdict {
  question.about.rule = 'denied-before';
  return { status: 'NotAuthorized', code: '021' };
}

interface MediumRefs {
  readonly contractRef?: string | undefined;
  readonly cardRef?: string | undefined;
}

function refsOf(medium: PresentedMedium): MediumRefs {
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
const isSameMedium = (session: GrantedSession, shown: MediumRefs): boolean =>
  session.card_ref === null
    ? session.contract_ref === shown.contractRef && shown.cardRef === undefined
    : session.card_ref === shown.cardRef;
