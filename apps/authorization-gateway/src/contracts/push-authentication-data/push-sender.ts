import type { Database } from '@emp/database';
import type { HbsClient } from '@emp/hbs-client';
import { EmpError, type Clock } from '@emp/kernel';
import { CLOCK, DATABASE, LOG, METER, type Log } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import { outcomeOf } from '../../domain/push-outcome.ts';
import type { ProviderConnection } from '../../providers.ts';
import { HBS } from '../../tokens.ts';
import { wordRecord } from './identification-of-record.ts';
import type { ListRecord } from './list-record.ts';
import { beginPush, endPush, type EndedPush, type PushAction, type PushToSend } from './push.store.ts';

/** A push as it ended. */
export interface PushReport extends EndedPush {
  readonly id: string;
  readonly action: PushAction;
  readonly records: number;
}

/** Sends one push: written down before, its outcome and what follows from it after. */
@Injectable()
export class PushSender {
  readonly #pushes;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(HBS) private readonly hbs: HbsClient,
    private readonly vault: Vault,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) meter: Meter,
  ) {
    this.#pushes = meter.createCounter('authentication_pushes', {
      description: 'pushes of card lists by connection, action and outcome',
    });
  }

  /** Which of the records HBS can be told, and why not the others. */
  fitness(records: readonly ListRecord[], connection: ProviderConnection): {
    readonly fit: readonly ListRecord[];
    readonly unfit: readonly { readonly record: ListRecord; readonly reason: string }[];
  } {
    const worded = records.map((record) => wordRecord(record, connection, this.vault));
    return {
      fit: worded.flatMap((one) => ('identification' in one ? [one.record] : [])),
      unfit: worded.flatMap((one) => ('unfit' in one ? [{ record: one.record, reason: one.unfit }] : [])),
    };
  }

  async send(connection: ProviderConnection, push: Omit<PushToSend, 'providerId'>): Promise<PushReport> {
    const providerId = connection.connectionId;
    const begun = await beginPush(this.database, { ...push, providerId }, this.clock.now());
    const ended = await this.#tell(connection, push.action, push.records);
    await endPush(this.database, begun, ended, this.clock.now());
    const report = { id: begun.id, action: push.action, records: push.records.length, ...ended };
    this.#pushes.add(1, { provider: providerId, action: push.action, outcome: ended.outcome });
    const level = ended.outcome === 'accepted' ? 'info' : 'error';
    this.log[level]({ providerId, reason: push.reason, ...report }, 'card list pushed');
    return report;
  }

  async #tell(connection: ProviderConnection, action: PushAction, records: readonly ListRecord[]): Promise<EndedPush> {
    try {
      const result = await this.hbs.pushAuthenticationData({
        ActionType: action,
        ProviderAuthenticationData: {
          ProviderID: connection.connectionId,
          AuthenticationDataRecord: records.map((record) => {
            const worded = wordRecord(record, connection, this.vault);
            if ('unfit' in worded) throw new EmpError('record-unfit', worded.unfit, { retry: 'useless' });
            return { Identification: worded.identification };
          }),
        },
      });
      const code = (result.ok ? result.message.StatusCode : result.statusCode)?.Code;
      return {
        outcome: outcomeOf({ ...result, code }),
        statusCode: code ?? null,
        httpStatus: result.httpStatus ?? null,
        processId: result.processId,
        detail: result.ok ? null : result.detail.slice(0, 1_000),
      };
    } catch (error) {
      // Refused by our own writer: nothing was sent, and halving finds the record. Its words may quote it.
      if (!(error instanceof EmpError) || error.slug !== 'oicp-not-conformant') throw error;
      const detail = 'our own writer refuses it: not conformant to OICP';
      return { outcome: 'record-refused', statusCode: null, httpStatus: null, processId: null, detail };
    }
  }
}
