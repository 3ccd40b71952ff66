import type { Database } from '@emp/database';
import { SessionAuthorizedV1, newEvent, type SessionAuthorizedData } from '@emp/events';
import { newId } from '@emp/kernel';
import type { Outbox } from '@emp/messaging';
import type { Identification, KnownStatusCode } from '@emp/oicp';
import { OUTBOX } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../config.ts';
import { CardIndex } from '../contracts/card-index/card-index.ts';
import { PinDesk } from '../contracts/pin/pin-desk.ts';
import { PresentedMedia } from '../contracts/presented-medium.ts';
import { stopIdentifications } from '../contracts/rules/stop-media.store.ts';
import type { AuthorizationDecision, Granted, PresentedMedium } from '../domain/authorization.ts';
import type { OutcomeFacts } from '../door/door-operation.ts';
import { LimitedGrants, isLimited } from '../limits/limited-grants.ts';
import { CONFIG, DOOR_DATABASE } from '../tokens.ts';
import {
  AuthorizeStartStore,
  type DeniedSession,
  type GrantedSession,
  type NewGrant,
  type SessionToRefuse,
} from './authorize-start.store.ts';
import { isSameMedium, refsOf, type MediumRefs } from './medium-refs.ts';
import { StartRules } from './start-rules.ts';
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
  | {
      readonly status: 'Authorized';
      readonly providerId: string;
      readonly empPartnerSessionId: string;
      readonly stopIdentifications?: readonly Identification[];
    }
  | { readonly status: 'NotAuthorized'; readonly code: KnownStatusCode };

type Refused = AuthorizationDecision & { readonly status: 'NotAuthorized' };
type QrCode = PresentedMedium & { readonly kind: 'qr' };

/**
 * Decides from memory; an unknown medium ends here. What is said about a known one is durable before it is told, a yes
 * with its event, and the same SessionID hears the same answer.
 */
@Injectable()
export class AuthorizeStartHandler {
  readonly #longestStale: number;

  constructor(
    private readonly media: PresentedMedia,
    private readonly rules: StartRules,
    private readonly pins: PinDesk,
    private readonly limits: LimitedGrants,
    private readonly store: AuthorizeStartStore,
    private readonly denials: ToldDenials,
    private readonly vault: Vault,
    private readonly index: CardIndex,
    @Inject(DOOR_DATABASE) private readonly database: Database,
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
    return medium.kind === 'qr' && medium.contract && medium.pin === 'unchecked'
      ? this.#decideQrCode(question, medium, medium.contract.contractRef)
      : this.#decide(question, medium);
  }

  /** A repeat is not looked at twice: it would cost an attempt, and the answer stands. */
  async #decideQrCode(question: StartQuestion, medium: QrCode, contractRef: string): Promise<StartVerdict> {
    question.about.contractRef = contractRef;
    if (this.denials.has(question.sessionId)) return deniedBefore('021', question);
    const answered = await this.store.answered(question.sessionId);
    if (answered) return this.#verdictOf(answered, { contractRef }, question);
    const { identification, at } = question;
    const pin = await this.pins.verdictOn(identification.QRCodeIdentification?.PIN, contractRef, at);
    return this.#decide(question, { ...medium, pin });
  }

  #decide(question: StartQuestion, medium: PresentedMedium): StartVerdict | Promise<StartVerdict> {
    const decision = this.rules.decide(medium, question, question.at);
    question.about.rule = decision.explanation.rule;
    if (decision.status === 'Authorized')
      return isLimited(decision) ? this.#grantWithinLimits(question, decision) : this.#grant(question, decision);
    if (decision.code === '102' && this.media.isKnownReversed(question.identification))
      question.about.hint = 'reversed-uid-known';
    const refs = refsOf(medium);
    // Overload is no answer to keep: whoever comes again when there is time is served.
    return refs.contractRef === undefined || decision.code === '106'
      ? { status: 'NotAuthorized', code: decision.code }
      : this.#refuse(question, decision, refs);
  }

  async #grant(question: StartQuestion, decision: Granted): Promise<StartVerdict> {
    const { contractRef } = decision.contract;
    question.about.contractRef = contractRef;
    if (this.denials.has(question.sessionId)) return deniedBefore('021', question);
    const { session, event } = this.#grantOf(question, decision);
    const known = await this.store.grant(session, event);
    return this.#verdictOf(known, { contractRef, cardRef: decision.card?.cardRef }, question);
  }

  async #grantWithinLimits(question: StartQuestion, yes: Granted): Promise<StartVerdict> {
    const { contractRef } = yes.contract;
    question.about.contractRef = contractRef;
    if (this.denials.has(question.sessionId)) return deniedBefore('021', question);
    const { decision, session } = await this.limits.answer({
      ...question,
      yes,
      grantOf: (granted) => this.#grantOf(question, granted),
      refusalOf: (no) => refusalOf(question, no),
    });
    question.about.rule = decision.explanation.rule;
    if (session) return this.#verdictOf(session, { contractRef, cardRef: yes.card?.cardRef }, question);
    return { status: 'NotAuthorized', code: decision.code };
  }

  /** A medium that is refused now may have been granted this very session before: then that answer stands. */
  async #refuse(question: StartQuestion, decision: Refused, refs: MediumRefs): Promise<StartVerdict> {
    question.about.contractRef = refs.contractRef ?? null;
    if (this.denials.has(question.sessionId)) return deniedBefore('021', question);
    const answered = await this.store.refuse(refusalOf(question, decision));
    const isOurs = answered && (answered.told === 'denied' || isSameMedium(answered, refs));
    return isOurs
      ? this.#verdictOf(answered, refs, question)
      : { status: 'NotAuthorized', code: decision.code };
  }

  /** HBS was told 021 although an answer may be on its way into the database: then 021 it is. */
  toldFailure({ sessionId, contractRef }: OutcomeFacts, at: Date): void {
    if (sessionId && contractRef) this.denials.add(sessionId, at);
  }

  #grantOf(question: StartQuestion, { contract, card, explanation }: Granted): NewGrant {
    const { sessionId, operatorId, evseId, processId, cpoPartnerSessionId, at } = question;
    const granted: SessionAuthorizedData = {
      sessionId,
      providerId: contract.providerId,
      contractRef: contract.contractRef,
      cardRef: card?.cardRef ?? null,
      operatorId,
      evseId,
      identification: card ? 'rfid' : (explanation.facts['identification'] as 'qr' | 'plug-and-charge'),
      tariffPlanId: contract.tariffPlanId,
      authorizedAt: at.toISOString(),
    };
    const sealedCpoSessionId = cpoPartnerSessionId === undefined ? null : this.vault.seal(cpoPartnerSessionId);
    return {
      session: { ...granted, empPartnerSessionId: newId(), processId, explanation, at, sealedCpoSessionId },
      event: this.outbox.row(newEvent(SessionAuthorizedV1, granted, { time: at })),
    };
  }

  #verdictOf(
    session: GrantedSession | DeniedSession,
    shown: MediumRefs,
    question: StartQuestion,
  ): StartVerdict | Promise<StartVerdict> {
    if (session.told === 'denied') return deniedBefore(session.code, question);
    if (session.told === 'now') this.outbox.appended();
    else question.about.rule = 'repeated';
    if (!isSameMedium(session, shown)) {
      question.about.rule = 'session-of-another-medium';
      return { status: 'NotAuthorized', code: '400' };
    }
    const { provider_id: providerId, emp_partner_session_id: empPartnerSessionId } = session;
    const yes = { status: 'Authorized', providerId, empPartnerSessionId } as const;
    return this.index.contract(session.contract_ref)?.rules.hasStopMedia === true
      ? this.#withStopMedia(yes, session.contract_ref)
      : yes;
  }

  async #withStopMedia(
    yes: StartVerdict & { readonly status: 'Authorized' },
    contractRef: string,
  ): Promise<StartVerdict> {
    return { ...yes, stopIdentifications: await stopIdentifications(this.database, contractRef, this.vault) };
  }
}

function refusalOf(question: StartQuestion, { code, explanation }: AuthorizationDecision): SessionToRefuse {
  const { sessionId, operatorId, evseId, processId, at } = question;
  const identification = explanation.facts['identification'] ?? 'none';
  return { sessionId, operatorId, evseId, processId, at, identification, explanation, code };
}

function deniedBefore(code: KnownStatusCode, question: StartQuestion): StartVerdict {
  question.about.rule = 'denied-before';
  return { status: 'NotAuthorized', code };
}
