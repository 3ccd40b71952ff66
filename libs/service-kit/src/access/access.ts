import { EmpError } from '@emp/kernel';
import type { Log } from '../log.ts';
import { ApiKeyFile } from './api-key-file.ts';
import { ApiKeys } from './api-keys.ts';
import type { AccessConfig } from './access-variables.ts';
import { LOCAL_CALLER, type CallerIdentity } from './caller-identity.ts';
import { AccessRefused } from './refused.ts';
import { Tokens } from './tokens.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const VARIABLES = 'API_KEYS_FILE, API_KEYS, or JWT_ISSUER with JWT_AUDIENCE and JWT_JWKS_URL';

/** Tells who calls. Open to everybody on this machine as long as nothing is configured. */
export class Access {
  private constructor(
    readonly mode: 'open' | 'keys-or-tokens',
    private readonly sources: readonly (() => Promise<ApiKeys>)[],
    private readonly tokens: Tokens | undefined,
  ) {}

  /** @throws EmpError `configuration-invalid`: malformed variables, or an API open to the network. */
  static async configured(config: AccessConfig, log: Log): Promise<Access> {
    const sources: (() => Promise<ApiKeys>)[] = [];
    if (config.API_KEYS !== undefined) {
      const keys = ApiKeys.parse(config.API_KEYS, 'API_KEYS');
      sources.push(() => Promise.resolve(keys));
    }
    if (config.API_KEYS_FILE !== undefined) {
      const file = await ApiKeyFile.open(config.API_KEYS_FILE, log);
      sources.push(() => file.keys());
    }
    const tokens = tokensConfigured(config);
    if (sources.length > 0 || tokens) return new Access('keys-or-tokens', sources, tokens);
    if (LOOPBACK.test(config.HOST)) return new Access('open', [], undefined);
    throw invalid(`HOST=${config.HOST} opens the API to the network: set ${VARIABLES}, or HOST=127.0.0.1`);
  }

  /**
   * @param headers of the request: `Authorization: Bearer <API key or JWT>`, or `X-API-Key: <API key>`.
   * @throws AccessRefused
   */
  async callerOf(headers: Readonly<Record<string, unknown>>): Promise<CallerIdentity> {
    if (this.mode === 'open') return LOCAL_CALLER;
    const credential = credentialIn(headers);
    if (credential === undefined) {
      const form = this.tokens ? '<API key or JWT>' : '<API key>';
      throw new AccessRefused(
        'credentials-missing',
        `who is calling? Send "Authorization: Bearer ${form}" or "X-API-Key: <API key>"`,
      );
    }
    for (const keys of this.sources) {
      const caller = (await keys()).callerWith(credential);
      if (caller) return caller;
    }
    if (this.tokens && TOKEN.test(credential)) return this.tokens.callerWith(credential);
    throw new AccessRefused(
      'key-unknown',
      'no API key of ours; keys are named by their SHA-256 in API_KEYS or API_KEYS_FILE',
    );
  }
}

function credentialIn(headers: Readonly<Record<string, unknown>>): string | undefined {
  const { authorization, 'x-api-key': key } = headers;
  if (typeof key === 'string' && key !== '') return key;
  return typeof authorization === 'string' ? /^bearer +(\S+) *$/i.exec(authorization)?.[1] : undefined;
}

function tokensConfigured(config: AccessConfig): Tokens | undefined {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: url } = config;
  if (issuer === undefined && audience === undefined && url === undefined) return undefined;
  if (issuer === undefined || audience === undefined || url === undefined) {
    const variables = Object.entries({ JWT_ISSUER: issuer, JWT_AUDIENCE: audience, JWT_JWKS_URL: url });
    const missing = variables.flatMap(([name, value]) => (value === undefined ? name : []));
    throw invalid(`${missing.join(', ')} missing: tokens need all three`);
  }
  const keySetUrl = new URL(url);
  if (keySetUrl.protocol !== 'https:' && !LOOPBACK.test(keySetUrl.hostname)) {
    throw invalid('JWT_JWKS_URL must be https: whoever can change the key set on its way can call us as anybody');
  }
  return new Tokens({ issuer, audience, keySetUrl });
}

const invalid = (message: string): EmpError => new EmpError('configuration-invalid', message, { retry: 'useless' });
