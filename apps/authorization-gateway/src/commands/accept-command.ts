import type { Database } from '@emp/database';
import { DATABASE, Problem } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../config.ts';
import { CONFIG } from '../tokens.ts';
import { CommandDispatcher } from './command-dispatcher.ts';
import { findCommand, type CommandRow, type NewCommand } from './command.store.ts';
import { SettleCommand } from './settle-command.ts';

export interface Accepted {
  readonly command: CommandRow;
  /** Whether this call made it; else it is a repeat. */
  readonly isNew: boolean;
}

interface Way {
  readonly sealedEvcoId: string | null;
  /** `false`: its id is taken, or something else is in its way. */
  readonly insert: () => Promise<boolean>;
  /** Says what is in its way, if it is not the id. */
  readonly taken: (command: NewCommand) => Promise<never>;
}

/** Takes a command once: written down first, then sent, then waited for, as long as a caller can be expected to. */
@Injectable()
export class AcceptCommand {
  constructor(
    private readonly dispatcher: CommandDispatcher,
    private readonly settle: SettleCommand,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** @throws Problem 503 while the service stops: a command must not be cut off by us. */
  isOpen(): void {
    if (!this.dispatcher.open) throw new Problem(503, 'stopping', 'this replica is stopping; ask again');
  }

  async once(command: NewCommand, way: Way): Promise<Accepted> {
    const isNew = await way.insert();
    const stored = await findCommand(this.database, command.commandId);
    if (!stored) return way.taken(command);
    if (!isNew) return { command: repeated(stored, command), isNew: false };
    if (stored.state === 'refused') {
      this.settle.tell(stored, 'refused-by-rules', { code: stored.code, rule: stored.explanation?.['rule'] });
      return { command: stored, isNew: true };
    }
    await this.#wait(this.dispatcher.send({ command: stored, sealedEvcoId: way.sealedEvcoId }));
    return { command: (await findCommand(this.database, command.commandId)) ?? stored, isNew: true };
  }

  async #wait(settled: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.config.COMMAND_WAIT_SECONDS * 1_000);
    });
    await Promise.race([settled, patience]);
    clearTimeout(timer);
  }
}

function repeated(stored: CommandRow, command: NewCommand): CommandRow {
  if (stored.wish_hash === command.wishHash) return stored;
  throw new Problem(409, 'command-id-taken', 'this commandId was used for another command before: take a new one');
}
