import type { Database } from '@emp/database';
import { CdrReceivedV1, newEvent } from '@emp/events';
import type { Outbox } from '@emp/messaging';
import type { Identification } from '@emp/oicp';
import { OUTBOX } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { LostStarts } from '../commands/lost-starts.ts';
import { PresentedMedia } from '../contracts/presented-medium.ts';
import { Pseudonyms } from '../contracts/pseudonyms.ts';
import { hear } from '../domain/charging-session.ts';
import { Providers } from '../providers.ts';
import type { HeardIdentity } from '../sessions/heard-identity.ts';
import { SessionChanges } from '../sessions/session-changes.ts';
import { beginSession } from '../sessions/session.store.ts';
import { DOOR_DATABASE } from '../tokens.ts';
import { keepRecord } from './receive-cdr.store.ts';

export interface ArrivedCdr extends HeardIdentity {
  readonly sessionId: string;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  /** The record, byte for byte. */
  readonly text: string;
  readonly identification: Identification | undefined;
  /** When the session began, by the station's clock. */
  readonly begunAt: number | null;
  readonly processId: string | null;
  readonly at: Date;
}

/**
 * Makes a record durable: its text sealed in the outbox and its session closed, in one transaction. The same text
 * again changes nothing; another text for the same session goes on, and cdr-ingest makes a case of it.
 */
@Injectable()
export class ReceiveCdrHandler {
  constructor(
    private readonly media: PresentedMedia,
    private readonly providers: Providers,
    private readonly pseudonyms: Pseudonyms,
    private readonly vault: Vault,
    private readonly lostStarts: LostStarts,
    private readonly changes: SessionChanges,
    @Inject(DOOR_DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
  ) {}

  async receive(cdr: ArrivedCdr): Promise<'first' | 'repeated' | 'differs'> {
    const { sessionId, operatorId, processId, at } = cdr;
    const sealedRecord = this.vault.seal(cdr.text);
    const contentHash = this.pseudonyms.textFingerprint(cdr.text);
    return this.database.transaction(async (tx) => {
      const begun = await beginSession(tx, sessionId, cdr, at);
      const session = await this.lostStarts.claim(tx, begun, { ...cdr, by: 'record' });
      const event = newEvent(
        CdrReceivedV1,
        {
          sessionId,
          origin: 'pushed',
          operatorId,
          processId,
          sealedRecord,
          page: null,
          providerId: session.providerId ?? this.#providerOf(cdr.identification),
          receivedAt: at.toISOString(),
          contractRef: session.contractRef,
        },
        { time: at },
      );
      const isNew = await keepRecord(tx, {
        sessionId,
        contentHash,
        receivedAt: at,
        operatorId,
        processId,
        eventId: event.id,
      });
      if (!isNew) return 'repeated';
      const heard = hear(session.heard, { type: 'recorded', at: at.getTime() });
      if (heard.ok) {
        const change = { at, what: session.state === 'closed' ? 'another record received' : 'record received' };
        await this.changes.save(tx, sessionId, { heard: heard.value, change, more: cdr });
        await this.lostStarts.settleStops(tx, sessionId, at, 'record');
      }
      await this.outbox.append(tx, event);
      return session.state === 'closed' ? 'differs' : 'first';
    });
  }

  /** Of a session we did not authorize: the provider of the driver's contract, else the one HBS is connected with. */
  #providerOf(identification: Identification | undefined): string {
    const medium = this.media.of(identification);
    const contract = 'contract' in medium ? medium.contract : undefined;
    return contract?.providerId ?? this.providers.connected?.providerId ?? '';
  }
}
