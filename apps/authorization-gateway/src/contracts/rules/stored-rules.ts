import { NO_RULES, type ContractRules } from '../../domain/contract-rules.ts';

/** Column `rules` of a contract: only what differs from no rules at all. */
export type StoredRules = Partial<ContractRules>;

export const rulesIn = (stored: StoredRules): ContractRules => ({ ...NO_RULES, ...stored });

/** `null` for no rules. */
export function toStore(rules: ContractRules): StoredRules | null {
  const differing = Object.entries(rules).filter(([name, value]) => NO_RULES[name as keyof ContractRules] !== value);
  return differing.length === 0 ? null : Object.fromEntries(differing);
}
