import { granted, refused, type Decision } from '@emp/kernel';
import type { Tariff } from '@emp/tariff';

/** One content of a plan; it holds for sessions that start from `validFromMillis` until the next version does. */
export interface PlanVersion {
  readonly planId: string;
  readonly version: number;
  readonly validFromMillis: number;
  readonly tariff: Tariff;
}

/** From when on a contract had a plan. */
export interface PlanOfContract {
  readonly contractRef: string;
  readonly sinceMillis: number;
  readonly planId: string;
}

export type PlanRefusal = 'contract-unknown' | 'tariff-plan-unknown' | 'tariff-version-missing';

export interface PinnedPlan {
  readonly version: PlanVersion;
  readonly notes: readonly string[];
}

/** The tariff a driver agreed to by starting the session: the contract's plan and its version of that moment. */
export function pinnedPlan(
  contractRef: string, startMillis: number, plans: readonly PlanOfContract[], versions: readonly PlanVersion[],
): Decision<PinnedPlan, PlanRefusal> {
  const ofContract = plans.filter((plan) => plan.contractRef === contractRef).sort((a, b) => a.sinceMillis - b.sinceMillis);
  const agreed = ofContract.findLast((plan) => plan.sinceMillis <= startMillis);
  const plan = agreed ?? ofContract[0];
  if (!plan) return refused('contract-unknown', `no contract ${contractRef} is known here yet`);
  const ofPlan = versions.filter((version) => version.planId === plan.planId).sort((a, b) => a.validFromMillis - b.validFromMillis);
  if (ofPlan.length === 0) return refused('tariff-plan-unknown', `the contract's tariff plan "${plan.planId}" does not exist`);
  const version = ofPlan.findLast((candidate) => candidate.validFromMillis <= startMillis);
  if (!version) {
    return refused('tariff-version-missing', `tariff plan "${plan.planId}" has no version that is valid at ${new Date(startMillis).toISOString()}`);
  }
  return granted({ version, notes: agreed ? [] : ['the session began before the contract was valid: its first plan was taken'] });
}
