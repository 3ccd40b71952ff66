import { createHash, timingSafeEqual } from 'node:crypto';
import { EmpError } from '@emp/kernel';
import { callerNamed, type CallerIdentity } from './caller-identity.ts';

const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const SCOPE = /^[a-z][a-z0-9.-]{0,63}$/;
const HASH = /^[0-9a-f]{64}$/i;

interface ApiKey {
  readonly hash: Buffer;
  readonly caller: CallerIdentity;
}

/** The keys that open an API, by their hashes: whoever reads the configuration learns no key. */
export class ApiKeys {
  readonly #keys: readonly ApiKey[];

  private constructor(keys: readonly ApiKey[]) {
    this.#keys = keys;
  }

  /**
   * Reads `<name>:<scope>[+<scope>…]:<SHA-256 of the key, hex>`, separated by commas or line ends; `#` begins a
   * comment.
   * @param source name of the variable or file, for errors; they never repeat what was read.
   * @throws EmpError `configuration-invalid`
   */
  static parse(text: string, source: string): ApiKeys {
    const keys = new Map<string, ApiKey>();
    const entries = text
      .split('\n')
      .flatMap((line) => line.replace(/#.*/, '').split(','))
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    for (const [index, entry] of entries.entries()) {
      const [name = '', scopes = '', hash = '', ...rest] = entry.split(':');
      const place = `${source}, entry ${index + 1}`;
      if (!NAME.test(name)) throw invalid(`${place} does not begin with a name ([A-Za-z0-9._-], at most 64)`);
      if (keys.has(name)) throw invalid(`${place} has the name of an earlier one`);
      const named = scopes.split('+');
      if (!named.every((scope) => SCOPE.test(scope)))
        throw invalid(`${place}: scopes are expected after the name, e.g. read+write`);
      if (rest.length > 0 || !HASH.test(hash))
        throw invalid(`${place} does not end in the SHA-256 of the key (64 hex digits), never the key`);
      keys.set(name, { hash: Buffer.from(hash, 'hex'), caller: callerNamed(name, 'api-key', named) });
    }
    return new ApiKeys([...keys.values()]);
  }

  static readonly none = new ApiKeys([]);

  get size(): number {
    return this.#keys.length;
  }

  /** Compares with every key in constant time: how long it takes tells nothing. */
  callerWith(key: string): CallerIdentity | undefined {
    const hash = createHash('sha256').update(key).digest();
    return this.#keys.reduce<CallerIdentity | undefined>(
      (found, each) => (timingSafeEqual(each.hash, hash) ? each.caller : found),
      undefined,
    );
  }
}

const invalid = (message: string): EmpError => new EmpError('configuration-invalid', message, { retry: 'useless' });
