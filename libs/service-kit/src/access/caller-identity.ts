/** Who calls an API, and what they may do there. */
export interface CallerIdentity {
  /** Name of the API key, or `sub` of the token: what an audit trail keeps. `local` where access is open. */
  readonly name: string;
  readonly by: 'api-key' | 'jwt' | 'open';
  has(scope: string): boolean;
}

export function callerNamed(name: string, by: 'api-key' | 'jwt', scopes: readonly string[]): CallerIdentity {
  const granted = new Set(scopes);
  return { name, by, has: (scope) => granted.has(scope) };
}

/** On loopback without configured access: everything but what lays card numbers open. */
export const LOCAL_CALLER: CallerIdentity = { name: 'local', by: 'open', has: (scope) => scope !== 'secrets' };
