import { createCipheriv, createDecipheriv, randomBytes, randomFillSync, type KeyObject } from 'node:crypto';
import { EmpError } from '@emp/kernel';
import { KeyedFingerprint } from './keyed-fingerprint.ts';
import { KEY_BYTES, parseSealingKeys, parseSecret, type SealingKeys } from './sealing-keys.ts';

const CIPHER = 'aes-256-gcm';
/** What NIST SP 800-38D recommends for GCM. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Asking the system for randomness costs the same for one nonce as for many. */
const NONCES_AT_ONCE = 64;

/** What a fingerprint is of. The same text in another domain has another fingerprint. */
export type FingerprintDomain = 'uid' | 'evco';

/** Seals texts that name a person or a card, and makes them recognisable without opening them. */
export class Vault {
  readonly #keys: SealingKeys;
  readonly #fingerprints: KeyedFingerprint;
  readonly #nonces = Buffer.alloc(NONCES_AT_ONCE * NONCE_BYTES);
  #nonceAt = this.#nonces.length;

  private constructor(keys: SealingKeys, pepper: KeyObject) {
    this.#keys = keys;
    this.#fingerprints = new KeyedFingerprint(pepper);
  }

  /**
   * @param keys VAULT_KEYS: `k1:<base64 of 32 bytes>[,k0:<base64>]`; the first seals, all open. To rotate, put a new
   *   key in front and keep the old ones for as long as anything is sealed with them.
   * @param pepper VAULT_PEPPER: 32 bytes, base64. It cannot be rotated: every stored fingerprint hangs on it.
   * @throws EmpError `vault-secret-invalid` naming the variable, never the secret.
   */
  static fromKeys(keys: string, pepper: string): Vault {
    return new Vault(parseSealingKeys(keys), parseSecret(pepper, { name: 'VAULT_PEPPER', bytes: KEY_BYTES }));
  }

  /** Of the key that seals: sealed texts begin with it and a dot. */
  get currentKeyId(): string {
    return this.#keys.current.id;
  }

  /** `<key id>.<base64url of nonce, ciphertext, tag>`: AES-256-GCM; the same text is sealed differently each time. */
  seal(text: string): string {
    const { id, key } = this.#keys.current;
    const nonce = this.#nextNonce();
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(id));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${id}.${sealed.toString('base64url')}`;
  }

  /** Each is given once. What `seal` makes of it is a copy, before the next one is asked for. */
  #nextNonce(): Buffer {
    if (this.#nonceAt === this.#nonces.length) {
      randomFillSync(this.#nonces);
      this.#nonceAt = 0;
    }
    this.#nonceAt += NONCE_BYTES;
    return this.#nonces.subarray(this.#nonceAt - NONCE_BYTES, this.#nonceAt);
  }

  /** @throws EmpError `vault-text-malformed`, `vault-key-unknown`, `vault-text-altered`. */
  open(sealed: string): string {
    const dot = sealed.indexOf('.');
    const bytes = Buffer.from(sealed.slice(dot + 1), 'base64url');
    if (dot < 1 || bytes.length < NONCE_BYTES + TAG_BYTES) throw useless('vault-text-malformed', 'this is not a sealed text');
    const id = sealed.slice(0, dot);
    const key = this.#keys.byId.get(id);
    if (!key) throw useless('vault-key-unknown', `a text was sealed with key "${id.slice(0, 32)}", which VAULT_KEYS lacks`);
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(id)).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch (error) {
      throw useless('vault-text-altered', `a sealed text was altered, or VAULT_KEYS has another key under "${id}"`, error);
    }
  }

  /** 32 hex digits, HMAC-SHA-256: equal texts have equal fingerprints, and without the pepper nobody can try texts out. */
  fingerprint(domain: FingerprintDomain, normalised: string): string {
    return this.#fingerprints.of(`fingerprint/${domain}/${normalised}`);
  }
}

/** Fresh secrets for a local installation: the values of VAULT_KEYS and VAULT_PEPPER. */
export function generateVaultSecrets(): { readonly keys: string; readonly pepper: string } {
  return { keys: `k1:${randomBytes(KEY_BYTES).toString('base64')}`, pepper: randomBytes(KEY_BYTES).toString('base64') };
}

/** An entry for VAULT_KEYS with a fresh key. @throws EmpError `vault-secret-invalid` for an id that cannot be one. */
export function generateSealingKey(id: string): string {
  const entry = `${id}:${randomBytes(KEY_BYTES).toString('base64')}`;
  parseSealingKeys(entry);
  return entry;
}

const useless = (slug: string, message: string, cause?: unknown): EmpError => new EmpError(slug, message, { retry: 'useless', cause });
