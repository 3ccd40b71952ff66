import { createSecretKey, type KeyObject } from 'node:crypto';
import { EmpError } from '@emp/kernel';

export const KEY_BYTES = 32;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;

export interface SealingKeys {
  /** Seals. */
  readonly current: { readonly id: string; readonly key: KeyObject };
  /** All that open, the current one included. */
  readonly byId: ReadonlyMap<string, KeyObject>;
}

/** Reads `k1:<base64 of 32 bytes>[,k0:<base64>]`. No message repeats what was read: it may be a key. */
export function parseSealingKeys(text: string): SealingKeys {
  const keys = text.split(',').map((entry, index) => parseEntry(entry.trim(), `VAULT_KEYS, entry ${index + 1}`));
  const [current] = keys;
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  if (current === undefined || byId.size < keys.length) throw invalid('VAULT_KEYS names one key id twice');
  return { current, byId };
}

/** Reads a secret of the environment, base64 or base64url. */
export function parseSecret(text: string, { name, bytes }: { readonly name: string; readonly bytes: number }): KeyObject {
  const secret = Buffer.from(text, 'base64');
  const sameText = secret.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '').replaceAll('-', '+').replaceAll('_', '/');
  if (!sameText) throw invalid(`${name} is not base64`);
  if (secret.length !== bytes) throw invalid(`${name} must be ${bytes} bytes in base64, it is ${secret.length}`);
  return createSecretKey(secret);
}

function parseEntry(entry: string, name: string): { readonly id: string; readonly key: KeyObject } {
  const colon = entry.indexOf(':');
  const id = entry.slice(0, Math.max(0, colon));
  if (!KEY_ID.test(id)) throw invalid(`${name} is not "<key id>:<base64 of ${KEY_BYTES} bytes>"`);
  return { id, key: parseSecret(entry.slice(colon + 1), { name, bytes: KEY_BYTES }) };
}

const invalid = (message: string): EmpError => new EmpError('vault-secret-invalid', message, { retry: 'useless' });
