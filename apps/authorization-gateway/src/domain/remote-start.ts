import { decideAuthorization, type AuthorizationDecision } from './authorization.ts';
import type { Contract, ProviderMode } from './contract.ts';
import type { EpochMillis } from './instant.ts';

export interface RemoteStartFacts {
  readonly contract: Contract;
  readonly operatorId: string;
  readonly evseId: string;
  /** `undefined` if we do not act for the contract's provider. */
  readonly providerMode: ProviderMode | undefined;
  /** Keys of operators that the contract's provider has an agreement with; `undefined` = with all. */
  readonly subscribed: ReadonlySet<string> | undefined;
}

/**
 * Whether a start may be asked for: by the rules of an authorization at the station. The app has proven who the driver
 * is, as a right PIN does; and who starts remotely decides for itself, whatever the mode (OICP §1).
 */
export function decideRemoteStart(facts: RemoteStartFacts, now: EpochMillis): AuthorizationDecision {
  const { contract, providerMode } = facts;
  const decision = decideAuthorization(
    {
      ...facts,
      medium: { kind: 'qr', contract, pin: 'correct' },
      providerMode: providerMode === undefined ? undefined : 'online',
    },
    now,
  );
  const { rule, facts: seen } = decision.explanation;
  const explanation = { rule, facts: { ...seen, identification: 'remote', providerMode: providerMode ?? null } };
  return { ...decision, explanation };
}
