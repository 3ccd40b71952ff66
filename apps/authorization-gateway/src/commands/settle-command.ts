import type { Database, Transaction } from '@emp/database';
import type { HbsResult } from '@emp/hbs-client';
import type { Clock } from '@emp/kernel';
import { operatorPrefixOf, parseSessionId, type OicpMessages } from '@emp/oicp';
import { CLOCK, DATABASE, LOG, METER, type Log } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Meter } from '@opentelemetry/api';
import { isStart, outcomeOf } from '../domain/command.ts';
import { hear } from '../domain/charging-session.ts';
import { AuthorizeSession } from '../sessions/authorize-session.ts';
import { SessionChanges } from '../sessions/session-changes.ts';
import { beginSession, lockSession, type LockedSession } from '../sessions/session.store.ts';
import {
  loseCommand,
  lockCommand,
  settleCommand,
  type AnswerFacts,
  type CommandRow,
  type Settlement,
} from './command.store.ts';
import { grantOf } from './lost-starts.ts';

export type Answer = HbsResult<OicpMessages['Acknowledgement']>;

/** Writes down what became of a command, together with what it makes of its session. */
@Injectable()
export class SettleCommand {
  readonly #outcomes: Counter;

  constructor(
    private readonly authorize: AuthorizeSession,
    private readonly changes: SessionChanges,
    private readonly vault: Vault,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) meter: Meter,
  ) {
    this.#outcomes = meter.createCounter('commands', { description: 'commands of apps by kind and outcome' });
  }

  /** What HBS answered. A session of it that was heard of before (§5) keeps what was heard. */
  async answered(sent: CommandRow, answer: Answer): Promise<void> {
    const at = this.clock.now();
    const facts = this.#factsOf(answer);
    const done = answer.ok ? 'perhaps' : answer.done;
    const outcome = outcomeOf(sent.kind, answer.ok ? { ok: true } : { ok: false, code: facts.code, done });
    const sessionId = isStart(sent.kind) && answer.ok ? sessionIdIn(answer.message.SessionID) : sent.session_id;
    await this.database.transaction(async (tx) => {
      // Sessions are locked before commands, everywhere.
      const session = outcome === 'accepted' ? await this.#lock(tx, sent, sessionId, at) : undefined;
      const command = await lockCommand(tx, sent.command_id);
      if (!command) return;
      if (outcome === 'unknown') {
        const reason = answer.ok ? 'answer-lost' : answer.reason;
        if (command.state === 'sent') await loseCommand(tx, command.command_id, { ...facts, at, reason });
      } else if (outcome === 'refused' && command.state === 'accepted') {
        this.log.warn({ commandId: command.command_id, code: facts.code }, 'refusal of what was heard to happen');
      } else {
        if (session) await this.#apply(tx, { ...command, process_id: facts.processId }, session, at);
        await settleCommand(tx, command.command_id, { ...facts, state: outcome, sessionId, at, by: 'answer' });
      }
    });
    this.tell(sent, outcome, { sessionId, code: facts.code, processId: facts.processId });
  }

  /** What a person says became of a command that nobody knew the outcome of. */
  async resolved(
    tx: Transaction,
    command: CommandRow,
    resolution: Pick<Settlement, 'state' | 'sessionId' | 'at' | 'resolvedBy' | 'sealedReason'>,
  ): Promise<void> {
    const sessionId = resolution.sessionId ?? command.session_id;
    await settleCommand(tx, command.command_id, { ...resolution, sessionId, by: 'person' });
  }

  /** The session of a command that was accepted, as it makes it. The session is locked. */
  async #apply(tx: Transaction, command: CommandRow, session: LockedSession, at: Date): Promise<void> {
    const grant = grantOf(command);
    if (isStart(command.kind)) {
      if (grant) await this.authorize.remotely(tx, session, grant, at);
      return;
    }
    const isStop = command.kind === 'remote-stop';
    const heard = hear(session.heard, { type: isStop ? 'stop-authorized' : 'cancelled', at: at.getTime() });
    // After the record there is nothing left to say about its session.
    if (!heard.ok) return;
    await this.changes.save(tx, session.sessionId, {
      heard: heard.value,
      change: { at, what: isStop ? 'remote stop accepted' : 'reservation cancelled' },
    });
  }

  /** Of a start the session is made, if nobody has heard of it. */
  async #lock(
    tx: Transaction,
    command: CommandRow,
    sessionId: string | null,
    at: Date,
  ): Promise<LockedSession | undefined> {
    if (sessionId === null) return undefined;
    if (!isStart(command.kind)) return lockSession(tx, sessionId);
    const place = { operatorId: operatorPrefixOf(command.evse_id) ?? null, evseId: command.evse_id };
    return beginSession(tx, sessionId, place, at);
  }

  /** For the session of a start that a person found. */
  async applyTo(tx: Transaction, command: CommandRow, sessionId: string, at: Date): Promise<void> {
    const session = await this.#lock(tx, command, sessionId, at);
    if (session) await this.#apply(tx, command, session, at);
  }

  tell(command: CommandRow, outcome: string, more: Readonly<Record<string, unknown>>): void {
    const { command_id: commandId, kind, evse_id: evseId } = command;
    this.#outcomes.add(1, { kind, outcome });
    this.log.info({ commandId, kind, evseId, outcome, ...more }, 'command settled');
  }

  #factsOf(answer: Answer): AnswerFacts {
    if (answer.ok) {
      const { httpStatus, processId } = answer;
      return { code: answer.message.StatusCode?.Code ?? '000', httpStatus, processId, sealedDetail: null };
    }
    return {
      code: answer.statusCode?.Code ?? null,
      httpStatus: answer.httpStatus ?? null,
      processId: answer.processId,
      sealedDetail: this.vault.seal(answer.detail),
    };
  }
}

/** A SessionID that is none cannot be followed: the session is then found by its first message. */
function sessionIdIn(text: string | undefined): string | null {
  const read = parseSessionId(text ?? '');
  return read.ok ? read.value : null;
}
