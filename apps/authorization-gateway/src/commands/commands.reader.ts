import type { Database } from '@emp/database';
import { DATABASE, METER, Problem } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import { decodeCursor, encodeCursor } from '../sessions/cursor.ts';
import { findCommand, type CommandRow } from './command.store.ts';
import type { CommandSelection } from './command-requests.ts';
import { commandView, type CommandView } from './command-view.ts';

const DEFAULT_LIMIT = 50;
const LARGEST_LIMIT = 500;

export interface CommandPage {
  readonly commands: readonly CommandView[];
  readonly next: string | null;
}

const PAGE = `
  SELECT * FROM command
  WHERE ($1::text IS NULL OR state = $1) AND ($2::text IS NULL OR kind = $2)
    AND ($3::text IS NULL OR contract_ref = $3) AND ($4::text IS NULL OR session_id = $4)
    AND ($5::timestamptz IS NULL OR (requested_at, command_id) < ($5, $6))
  ORDER BY requested_at DESC, command_id DESC LIMIT $7`;

@Injectable()
export class CommandsReader {
  constructor(
    private readonly vault: Vault,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(METER) meter: Meter,
  ) {
    meter
      .createObservableGauge('commands_unknown', { description: 'commands that nobody knows the outcome of' })
      .addCallback(async (gauge) => {
        const [row] = await this.database
          .query<{ count: number }>(`SELECT count(*)::int AS count FROM command WHERE state = 'unknown'`)
          .catch(() => []);
        if (row) gauge.observe(row.count);
      });
  }

  async one(commandId: string): Promise<CommandView> {
    const row = commandId.includes('\0') ? undefined : await findCommand(this.database, commandId.toLowerCase());
    if (row) return this.view(row);
    throw new Problem(404, 'command-unknown', 'there is no command with this id');
  }

  /** Newest first. */
  async page({ state, kind, contractRef, sessionId, cursor, limit }: CommandSelection): Promise<CommandPage> {
    const size = limit === undefined ? DEFAULT_LIMIT : Number(limit);
    if (size < 1 || size > LARGEST_LIMIT) {
      throw new Problem(400, 'limit-malformed', `limit is a whole number from 1 to ${LARGEST_LIMIT}`);
    }
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    if (cursor !== undefined && !after) {
      throw new Problem(400, 'cursor-malformed', 'the cursor is not one of ours: take "next" of the page before');
    }
    const rows = await this.database.query<CommandRow>(PAGE, [
      state ?? null, kind ?? null, contractRef ?? null, sessionId ?? null, after?.at ?? null, after?.id ?? null, size,
    ]);
    const last = rows.length === size ? rows.at(-1) : undefined;
    return {
      commands: rows.map((row) => this.view(row)),
      next: last === undefined ? null : encodeCursor({ at: last.requested_at, id: last.command_id }),
    };
  }

  async ofSession(sessionId: string): Promise<readonly CommandView[]> {
    return (await this.page({ sessionId, limit: '100' })).commands;
  }

  view(row: CommandRow): CommandView {
    return commandView(row, (sealed) => this.vault.open(sealed));
  }
}
