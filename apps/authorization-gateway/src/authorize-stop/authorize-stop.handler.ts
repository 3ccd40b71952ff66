import type { Database } from '@emp/database';
import { StopAuthorizedV1, newEvent } from '@emp/events';
import type { Outbox } from '@emp/messaging';
import type { Identification, KnownStatusCode } from '@emp/oicp';
import { OUTBOX } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { PresentedMedia } from '../contracts/presented-medium.ts';
import { hear } from '../domain/charging-session.ts';
import { decideStop } from '../domain/stop.ts';
import { lockSession, saveSession } from '../sessions/session.store.ts';
import { DOOR_DATABASE } from '../tokens.ts';

export interface StopQuestion {
  readonly sessionId: string;
  readonly identification: Identification;
  readonly processId: string | null;
  readonly at: Date;
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
    @Inject(DOOR_DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
  ) {}

  async decide({ sessionId, identification, processId, at }: StopQuestion): Promise<StopVerdict> {
    const medium = this.media.of(identification);
    return this.database.transaction(async (tx) => {
      const session = await lockSession(tx, sessionId);
      const decision = decideStop(session, medium);
      if (decision.status === 'NotAuthorized' || !session?.providerId)
        return { ...decision, status: 'NotAuthorized', code: codeOf(decision.code) };
      const heard = hear(session.heard, { type: 'stop-authorized', at: at.getTime() });
      if (heard.ok && session.heard.stopAuthorizedAt === null) {
        await saveSession(tx, sessionId, heard.value, { stopProcessId: processId });
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
}

/** A session without provider is none we authorized. */
const codeOf = (code: KnownStatusCode): KnownStatusCode => (code === '000' ? '400' : code);
