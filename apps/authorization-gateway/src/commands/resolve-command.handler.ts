import type { Database } from '@emp/database';
import type { Clock } from '@emp/kernel';
import { parseSessionId } from '@emp/oicp';
import { CLOCK, DATABASE, Problem } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import { isStart } from '../domain/command.ts';
import { beginSession } from '../sessions/session.store.ts';
import { findCommand, lockCommand, type CommandRow } from './command.store.ts';
import type { ResolutionRequest } from './command-requests.ts';
import { SettleCommand } from './settle-command.ts';

/** A person settles what nobody knew; who and why is kept. */
@Injectable()
export class ResolveCommandHandler {
  constructor(
    private readonly settle: SettleCommand,
    private readonly vault: Vault,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Problem 404 unknown command, 409 settled, 400 a session where none can come of it */
  async resolve(commandId: string, request: ResolutionRequest, caller: string): Promise<CommandRow> {
    const known = await findCommand(this.database, commandId);
    if (!known) throw new Problem(404, 'command-unknown', 'there is no command with this id');
    const sessionId = sessionIn(known, request);
    const at = this.clock.now();
    await this.database.transaction(async (tx) => {
      // Sessions are locked before commands, everywhere.
      if (sessionId !== null) await beginSession(tx, sessionId, { operatorId: null, evseId: known.evse_id }, at);
      const command = await lockCommand(tx, commandId);
      if (command?.state !== 'unknown') {
        const state = command?.state ?? 'gone';
        throw new Problem(409, 'command-settled', `only an unknown command is resolved; this one is ${state}`, { state });
      }
      const applied = sessionId ?? (isStart(command.kind) ? null : command.session_id);
      if (request.outcome === 'accepted' && applied !== null) await this.settle.applyTo(tx, command, applied, at);
      await this.settle.resolved(tx, command, {
        state: request.outcome,
        sessionId,
        at,
        resolvedBy: caller,
        sealedReason: this.vault.seal(request.reason),
      });
    });
    this.settle.tell(known, `${request.outcome}-by-person`, { sessionId, caller });
    return (await findCommand(this.database, commandId)) ?? known;
  }
}

function sessionIn(command: CommandRow, { outcome, sessionId }: ResolutionRequest): string | null {
  if (sessionId === undefined) return null;
  const read = parseSessionId(sessionId);
  if (!read.ok) throw new Problem(400, 'request-invalid', '/sessionId is no session id');
  if (outcome === 'accepted' && isStart(command.kind)) return read.value;
  throw new Problem(400, 'request-invalid', '/sessionId is for starts that were accepted');
}
