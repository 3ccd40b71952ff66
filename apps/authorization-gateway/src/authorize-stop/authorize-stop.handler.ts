import type { Database, Transaction } from '@emp/database';
import { StopAuthorizedV1, newEvent } from '@emp/events';
import type { Outbox } from '@emp/messaging';
import type { Identification, KnownStatusCode } from '@emp/oicp';
import { OUTBOX } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { readAnswered } from '../authorize-start/authorize-start.store.ts';
import { PinDesk } from '../contracts/pin/pin-desk.ts';
import { PresentedMedia } from '../contracts/presented-medium.ts';
import { isStopMedium } from '../contracts/rules/stop-media.store.ts';
import type { PresentedMedium } from '../domain/authorization.ts';
import { hear } from '../domain/charging-session.ts';
import { decideStop, type StopListing, type StoppableSession } from '../domain/stop.ts';
import type { OutcomeFacts } from '../door/door-operation.ts';
import { SessionChanges } from '../sessions/session-changes.ts';
import { lockSession } from '../sessions/session.store.ts';
import { DOOR_DATABASE } from '../tokens.ts';

export interface StopQuestion {
  readonly sessionId: string;
  readonly identification: Identification;
  readonly processId: string | null;
  readonly at: Date;
  readonly about: OutcomeFacts;
}

export type StopVerdict = { readonly rule: string } & (
  | { readonly status: 'Authorized'; readonly providerId: string; readonly empPartnerSessionId: string | undefined }
  | { readonly status: 'NotAuthorized'; readonly code: KnownStatusCode }
);

/** Lets a driver end what was begun. A repeat has the same answer and no second event. */
@Injectable()
export class AuthorizeStopHandler {
  constructor(
    private readonly media: PresentedMedia,
    private readonly pins: PinDesk,
    private readonly changes: SessionChanges,
    @Inject(DOOR_DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
  ) {}

  async decide(question: StopQuestion): Promise<StopVerdict> {
    const { sessionId, identification, processId, at } = question;
    const medium = await this.#withPin(this.media.of(identification), question);
    return this.database.transaction(async (tx) => {
      const session = await lockSession(tx, sessionId);
      const stoppable = session && { ...session, answered: await answerTo(tx, sessionId) };
      const decision = decideStop(stoppable, medium, await this.#listingOf(tx, identification, stoppable));
      if (decision.status === 'NotAuthorized' || !session?.providerId) {
        if (decision.code === '102' && this.media.isKnownReversed(identification))
          question.about.hint = 'reversed-uid-known';
        return { ...decision, status: 'NotAuthorized', code: codeOf(decision.code) };
      }
      const heard = hear(session.heard, { type: 'stop-authorized', at: at.getTime() });
      if (heard.ok && session.heard.stopAuthorizedAt === null) {
        await this.changes.save(tx, sessionId, {
          heard: heard.value,
          change: { at, what: 'stop authorized' },
          more: { stopProcessId: processId },
        });
        await this.outbox.append(
          tx,
          newEvent(StopAuthorizedV1, { sessionId, stoppedAt: at.toISOString() }, { time: at }),
        );
      }
      return {
        ...decision,
        providerId: session.providerId,
        empPartnerSessionId: session.empPartnerSessionId ?? undefined,
      };
    });
  }

  /** A PIN is looked at before the session is locked, and only if the right one would stop it. */
  async #withPin(medium: PresentedMedium, { sessionId, identification, at }: StopQuestion): Promise<PresentedMedium> {
    if (medium.kind !== 'qr' || !medium.contract || medium.pin !== 'unchecked') return medium;
    const { contractRef } = medium.contract;
    const answered = await readAnswered(this.database, sessionId);
    const isItsSession = answered !== undefined && answered.told !== 'denied' && answered.contract_ref === contractRef;
    if (!isItsSession) return medium;
    return { ...medium, pin: await this.pins.verdictOn(identification.QRCodeIdentification?.PIN, contractRef, at) };
  }

  async #listingOf(
    tx: Transaction,
    identification: Identification,
    session: StoppableSession | undefined,
  ): Promise<StopListing> {
    const fingerprint = session?.contractRef && this.media.fingerprintOf(identification);
    if (!session?.contractRef || !fingerprint) return 'not-listed';
    return (await isStopMedium(tx, session.contractRef, fingerprint)) ? 'listed' : 'not-listed';
  }
}

async function answerTo(tx: Transaction, sessionId: string): Promise<StoppableSession['answered']> {
  const answered = await readAnswered(tx, sessionId);
  if (answered === undefined) return 'not-asked';
  return answered.told === 'denied' ? 'no' : 'yes';
}

/** A session without provider is none we authorized. */
const codeOf = (code: KnownStatusCode): KnownStatusCode => (code === '000' ? '400' : code);
