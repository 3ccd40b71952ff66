import type { Database } from '@emp/database';
import type { HbsClient } from '@emp/hbs-client';
import { EmpError, messageOf } from '@emp/kernel';
import { DATABASE, LOG, METER, type Log } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import { Providers } from '../providers.ts';
import { HBS } from '../tokens.ts';
import { RENEW_EVERY_MS, renewCommands, type CommandRow } from './command.store.ts';
import { SettleCommand, type Answer } from './settle-command.ts';

const PAUSE = { firstMs: 100, longestMs: 5_000 };

/** Who the command is for, as HBS must be told; kept in memory only while it is sent. */
export interface Wish {
  readonly command: CommandRow;
  /** The EvcoID of the driver's contract, sealed; stops need none. */
  readonly sealedEvcoId: string | null;
}

/**
 * Sends commands that are written down, and writes down what came back. While a command is on its way its row is held;
 * a process that dies lets go of it, and `RecoverCommandsJob` makes it `unknown`. Nothing is ever sent twice from here.
 */
@Injectable()
export class CommandDispatcher implements OnModuleDestroy, OnApplicationShutdown {
  readonly #inFlight = new Map<string, Promise<void>>();
  #renewing: NodeJS.Timeout | undefined;
  #stopping = false;

  constructor(
    private readonly settle: SettleCommand,
    private readonly providers: Providers,
    private readonly vault: Vault,
    @Inject(HBS) private readonly hbs: HbsClient,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) meter: Meter,
  ) {
    meter
      .createObservableGauge('commands_in_flight', { description: 'commands whose answer this process waits for' })
      .addCallback((gauge) => gauge.observe(this.#inFlight.size));
  }

  /** Whether commands are still taken. */
  get open(): boolean {
    return !this.#stopping;
  }

  /** Resolves when the answer is written down. */
  send(wish: Wish): Promise<void> {
    const id = wish.command.command_id;
    const settled = this.#carryOut(wish).finally(() => {
      this.#inFlight.delete(id);
      if (this.#inFlight.size === 0) {
        clearInterval(this.#renewing);
        this.#renewing = undefined;
      }
    });
    this.#inFlight.set(id, settled);
    this.#renewing ??= setInterval(() => void this.#renew(), RENEW_EVERY_MS);
    return settled;
  }

  onModuleDestroy(): void {
    this.#stopping = true;
  }

  /** Answers on their way are still heard; whoever cannot wait kills us, and another replica recovers. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.#inFlight.values());
  }

  async #carryOut(wish: Wish): Promise<void> {
    const asked = Promise.resolve().then(() => this.#ask(wish));
    const answer = await asked.catch((error: unknown): Answer => ({
      ok: false,
      // It never left: what we made of the wish is no message of OICP.
      reason: 'fault',
      statusCode: { Code: '022' },
      processId: null,
      detail: error instanceof EmpError ? `${error.slug}: ${error.message}` : messageOf(error),
      retry: 'useless',
      done: 'no',
    }));
    await this.#write(wish.command, answer);
  }

  /** The answer must not be lost while there is anybody to write it down. */
  async #write(command: CommandRow, answer: Answer): Promise<void> {
    for (let pauseMs = PAUSE.firstMs; ; pauseMs = Math.min(pauseMs * 2, PAUSE.longestMs)) {
      try {
        return await this.settle.answered(command, answer);
      } catch (error) {
        this.log.warn({ commandId: command.command_id, reason: messageOf(error) }, 'answer not yet written');
        if (this.#stopping || (error instanceof EmpError && error.retry === 'useless')) return;
        await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      }
    }
  }

  #ask({ command, sealedEvcoId }: Wish): Promise<Answer> {
    const { kind, session_id: SessionID, partner_product_id: product, duration_minutes: minutes } = command;
    const ours = {
      ProviderID: this.providers.answersAs(command.provider_id),
      EvseID: command.evse_id,
      EMPPartnerSessionID: command.emp_partner_session_id,
    };
    if (kind === 'remote-stop') return this.hbs.authorizeRemoteStop({ ...ours, SessionID: SessionID ?? '' });
    if (kind === 'reservation-stop') return this.hbs.reservationStop({ ...ours, SessionID: SessionID ?? '' });
    const start = {
      ...ours,
      Identification: { RemoteIdentification: { EvcoID: this.vault.open(sealedEvcoId ?? '') } },
      ...(product === null ? {} : { PartnerProductID: product }),
    };
    return kind === 'remote-start'
      ? this.hbs.authorizeRemoteStart(start)
      : this.hbs.reservationStart({ ...start, ...(minutes === null ? {} : { Duration: minutes }) });
  }

  async #renew(): Promise<void> {
    await renewCommands(this.database, [...this.#inFlight.keys()]).catch((error: unknown) =>
      this.log.warn({ reason: messageOf(error) }, 'commands in flight not held'),
    );
  }
}
