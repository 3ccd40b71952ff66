import { Database } from '@emp/database';
import { Vault } from '@emp/vault';
import { command, JSON_OPTION } from '../command-line/command.ts';
import type { Io } from '../command-line/io.ts';
import { count, json, table } from '../command-line/text.ts';
import { WrongUse } from '../command-line/wrong-use.ts';
import { SERVICES_DETAILS, servicePlaces } from '../events/services.ts';
import { reseal, type Resealed } from './reseal.ts';
import { sealedColumns } from './sealed-columns.ts';

type ResealedOf = Resealed & { readonly service: string };

const PROGRESS_EVERY = 10_000;

export const rotate = command({
  options: { 'dry-run': { type: 'boolean', about: 'only count what older keys sealed' }, json: JSON_OPTION },
  details: `VAULT_KEYS and VAULT_PEPPER are those of the services: the new key first, the old ones behind it. Do it when
every service runs with them. It may be interrupted and repeated, and services go on meanwhile; fingerprints do not change, so
that every card is still found. Exit status 1 if something could not be opened. An old key may go when nothing is left
that it sealed here, and no event that carries its texts is kept in the log any more (records on emp.cdr-intake.v1).

${SERVICES_DETAILS}`,
  run: async ({ options }, io) => {
    const vault = vaultOf(io);
    const signal = io.untilInterrupted();
    const done: ResealedOf[] = [];
    for (const { name, databaseUrl } of await servicePlaces(io)) {
      const database = new Database({ url: databaseUrl, applicationName: 'emp vault rotate', maxConnections: 2 });
      try {
        for (const column of await sealedColumns(database)) {
          let told = 0;
          const progress = (resealed: number): void => {
            if (resealed < told + PROGRESS_EVERY) return;
            told = resealed;
            io.err(`${name} ${column.table}.${column.column}: ${resealed}\n`);
          };
          const mode = options['dry-run'] ? 'dry-run' : 'reseal';
          done.push({ service: name, ...(await reseal(column, { database, vault, mode, signal, progress })) });
        }
      } finally {
        await database.close();
      }
    }
    io.out(options.json ? json({ keyId: vault.currentKeyId, columns: done }) : rotateText(done, vault.currentKeyId));
    if (signal.aborted) io.err('interrupted: run it again to go on\n');
    return signal.aborted || done.some(({ unopened }) => Object.keys(unopened).length > 0) ? 1 : 0;
  },
});

function vaultOf({ env }: Io): Vault {
  const { VAULT_KEYS, VAULT_PEPPER } = env;
  if (VAULT_KEYS && VAULT_PEPPER) return Vault.fromKeys(VAULT_KEYS, VAULT_PEPPER);
  throw new WrongUse(
    'VAULT_KEYS and VAULT_PEPPER are missing',
    'the values that the services run with, the new key first',
  );
}

function rotateText(done: readonly ResealedOf[], keyId: string): string {
  const rows = done.map(({ service, table: name, column, resealed }) => [
    service,
    `${name}.${column}`,
    String(resealed),
  ]);
  const unopened = done.flatMap(({ service, table: name, column, unopened: why }) =>
    Object.entries(why).map(
      ([reason, texts]) => `${service} ${name}.${column}: ${count(texts, 'text')} not opened: ${reason}\n`,
    ),
  );
  const total = done.reduce((sum, { resealed }) => sum + resealed, 0);
  const counts = table([['service', 'column', 'sealed anew'], ...rows]);
  return `${count(total, 'text')} sealed anew with ${keyId}\n${counts}${unopened.join('')}`;
}
