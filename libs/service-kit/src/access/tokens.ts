import { EmpError, messageOf } from '@emp/kernel';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { callerNamed, type CallerIdentity } from './caller-identity.ts';
import { AccessRefused } from './refused.ts';

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly keySetUrl: URL;
}

const CLOCK_TOLERANCE_SECONDS = 5;

/** Verifies tokens against the issuer's key set, which is fetched when it is needed and kept. */
export class Tokens {
  readonly #rules: TokenRules;
  readonly #keySet: ReturnType<typeof createRemoteJWKSet>;

  constructor(rules: TokenRules) {
    this.#rules = rules;
    this.#keySet = createRemoteJWKSet(rules.keySetUrl, { timeoutDuration: 3_000, cooldownDuration: 5_000 });
  }

  /**
   * @throws AccessRefused saying which claim or check failed, never the token; EmpError `key-set-unavailable` while the
   *   issuer does not answer.
   */
  async callerWith(token: string): Promise<CallerIdentity> {
    const { payload } = await jwtVerify(token, this.#keySet, {
      issuer: this.#rules.issuer,
      audience: this.#rules.audience,
      algorithms: ['RS256', 'ES256'],
      requiredClaims: ['sub', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    }).catch((error: unknown): never => {
      throw whyNot(error);
    });
    return callerNamed(payload.sub ?? '', 'jwt', scopesOf(payload));
  }
}

/** OAuth's `scope` is one text, Azure's `scp` a text or a list. */
function scopesOf({ scope, scp }: JWTPayload): readonly string[] {
  return [scope, scp].flat().flatMap((each) => (typeof each === 'string' ? each.split(' ') : []));
}

function whyNot(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return refused('it has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return refused(`its claim "${error.claim}" is ${error.reason === 'missing' ? 'missing' : 'not the expected one'}`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('its signature does not fit');
  if (error instanceof errors.JOSEAlgNotAllowed) return refused('it is not signed with RS256 or ES256');
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return refused("none of the issuer's keys fits");
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return refused('it is malformed');
  return new EmpError(
    'key-set-unavailable',
    `the issuer's key set (JWT_JWKS_URL) cannot be read: ${messageOf(error)}`,
    {
      retry: 'helps',
      cause: error,
    },
  );
}

const refused = (why: string): AccessRefused => new AccessRefused('token-refused', `the token was refused: ${why}`);
