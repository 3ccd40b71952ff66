import type { Database, Transaction } from '@emp/database';
import { CdrReceivedV1, newEvent, type CdrReceivedData, type EmpEvent } from '@emp/events';
import type { Outbox } from '@emp/messaging';
import type { Identification } from '@emp/oicp';
import { OUTBOX } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { LostStarts } from '../commands/lost-starts.ts';
import type { GatewayConfig } from '../config.ts';
import { PresentedMedia } from '../contracts/presented-medium.ts';
import { Pseudonyms } from '../contracts/pseudonyms.ts';
import { hear } from '../domain/charging-session.ts';
import { WriteLanes } from '../lanes/write-lanes.ts';
import { Providers } from '../providers.ts';
import type { HeardIdentity } from '../sessions/heard-identity.ts';
import { SessionChanges } from '../sessions/session-changes.ts';
import { beginSessions, type LockedSession } from '../sessions/session.store.ts';
import { CONFIG, DOOR_DATABASE } from '../tokens.ts';
import { keepRecords } from './receive-cdr.store.ts';

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

export type Reception = 'first' | 'repeated' | 'differs';

interface SealedCdr extends ArrivedCdr {
  readonly sealedRecord: string;
  readonly contentHash: string;
}

/** Transactions at once, of the connections of the door. */
const LANES = 2;
const ANOTHER_LANE_AFTER_MS = 20;
const MOST_AT_ONCE = 100;

/**
 * Makes records durable: their texts sealed in the outbox and their sessions closed, in one transaction; under load one
 * commit serves many. The same text again changes nothing; another text for the same session goes on, and cdr-ingest
 * makes a case of it.
 */
@Injectable()
export class ReceiveCdrHandler {
  readonly #lanes: WriteLanes<SealedCdr, Reception>;

  constructor(
    private readonly media: PresentedMedia,
    private readonly providers: Providers,
    private readonly pseudonyms: Pseudonyms,
    private readonly vault: Vault,
    private readonly lostStarts: LostStarts,
    private readonly changes: SessionChanges,
    @Inject(DOOR_DATABASE) private readonly database: Database,
    @Inject(OUTBOX) private readonly outbox: Outbox,
    @Inject(CONFIG) config: GatewayConfig,
  ) {
    this.#lanes = new WriteLanes({
      write: (cdrs) => this.database.transaction((tx) => this.#receiveAll(tx, cdrs)),
      lanes: Math.min(LANES, config.DOOR_DATABASE_CONNECTIONS),
      anotherAfterMs: ANOTHER_LANE_AFTER_MS,
      mostAtOnce: MOST_AT_ONCE,
      longestWaitMs: config.DOOR_DEADLINE_MS * 0.4,
    });
  }

  receive(cdr: ArrivedCdr): Promise<Reception> {
    const sealedRecord = this.vault.seal(cdr.text);
    const contentHash = this.pseudonyms.textFingerprint(cdr.text);
    return this.#lanes.write(cdr.sessionId, { ...cdr, sealedRecord, contentHash });
  }

  /** Records of different sessions. */
  async #receiveAll(tx: Transaction, cdrs: readonly SealedCdr[]): Promise<readonly Reception[]> {
    const begun = await beginSessions(tx, cdrs);
    const heard = pairs(begun, cdrs).map(([session, cdr]) => ({ session, sign: { ...cdr, by: 'record' as const } }));
    const sessions = await this.lostStarts.claimAll(tx, heard);
    const records = pairs(sessions, cdrs).map(([session, cdr]) => ({ session, cdr, event: this.#received(cdr, session) }));
    const kept = await keepRecords(tx, records.map(({ cdr, event }) => ({ ...cdr, receivedAt: cdr.at, eventId: event.id })));
    const news = records.filter(({ event }) => kept.has(event.id));
    await this.#close(tx, news);
    await this.outbox.append(tx, ...news.map(({ event }) => event));
    return records.map(({ session, event }) => {
      if (!kept.has(event.id)) return 'repeated';
      return session.state === 'closed' ? 'differs' : 'first';
    });
  }

  async #close(tx: Transaction, news: readonly { session: LockedSession; cdr: ArrivedCdr }[]): Promise<void> {
    const closed = news.flatMap(({ session, cdr }) => {
      const heard = hear(session.heard, { type: 'recorded', at: cdr.at.getTime() });
      const what = session.state === 'closed' ? 'another record received' : 'record received';
      const change = { at: cdr.at, what };
      return heard.ok ? [{ sessionId: cdr.sessionId, heard: heard.value, change, more: cdr }] : [];
    });
    const [first] = closed;
    if (!first) return;
    await this.changes.saveAll(tx, closed);
    await this.lostStarts.settleStops(tx, closed.map(({ sessionId }) => sessionId), first.change.at, 'record');
  }

  #received(cdr: SealedCdr, session: LockedSession): EmpEvent<CdrReceivedData> {
    const { sessionId, operatorId, processId, sealedRecord, at } = cdr;
    return newEvent(
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
  }

  /** Of a session we did not authorize: the provider of the driver's contract, else the one HBS is connected with. */
  #providerOf(identification: Identification | undefined): string {
    const medium = this.media.of(identification);
    const contract = 'contract' in medium ? medium.contract : undefined;
    return contract?.providerId ?? this.providers.connected?.providerId ?? '';
  }
}

function pairs<One, Other>(ones: readonly One[], others: readonly Other[]): [One, Other][] {
  return ones.map((one, at) => [one, others[at] as Other]);
}
