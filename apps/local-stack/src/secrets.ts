import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EmpError } from '@emp/kernel';
import { generateVaultSecrets } from '@emp/vault';
import type { BrokerPlace } from './broker-place.ts';

/** Raised when data of an older layout cannot be gone on with. */
const LAYOUT = 1;

export interface StackSecrets {
  readonly layout: number;
  readonly vaultKeys: string;
  readonly vaultPepper: string;
  /** One for all roles of the local databases, which listen on loopback only. */
  readonly databasePassword: string;
}

/**
 * The secrets of this data directory, made at the first start and kept beside the data, readable by the owner alone.
 * @throws EmpError `data-of-another-version` if the data was laid by another version of the project.
 */
export function openSecrets(dataDirectory: string): StackSecrets {
  const file = fileIn(dataDirectory);
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as StackSecrets;
    if (kept.layout === LAYOUT) return kept;
    throw new EmpError(
      'data-of-another-version',
      `${dataDirectory} was laid by another version (layout ${kept.layout}, this one needs ${LAYOUT}): npm run reset starts over`,
      { retry: 'useless' },
    );
  }
  const { keys, pepper } = generateVaultSecrets();
  const fresh: StackSecrets = {
    layout: LAYOUT,
    vaultKeys: keys,
    vaultPepper: pepper,
    databasePassword: randomBytes(18).toString('base64url'),
  };
  mkdirSync(dataDirectory, { recursive: true });
  write(file, fresh);
  return fresh;
}

/** Notes beside the secrets on which event log the stack runs, so that the command line finds it without being told. */
export function noteBroker(dataDirectory: string, { kind, address }: BrokerPlace): void {
  const file = fileIn(dataDirectory);
  const kept = JSON.parse(readFileSync(file, 'utf8')) as StackSecrets;
  // The URL of PostgreSQL's log holds the password and follows from the rest.
  write(file, { ...kept, broker: kind === 'kafka' ? { kind, address } : { kind } });
}

const fileIn = (dataDirectory: string): string => path.join(dataDirectory, 'stack.json');

/** In one step: whoever reads it meanwhile finds the old one or the new one. */
function write(file: string, content: StackSecrets & { readonly broker?: Partial<BrokerPlace> }): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
