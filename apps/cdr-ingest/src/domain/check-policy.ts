import { granted, refused, type Decision } from '@emp/kernel';
import { checkEntry, CHECKS, isCheckCode, type CheckAction, type CheckCode } from './check-catalogue.ts';
import type { CdrFinding, FindingSeverity } from './cdr-finding.ts';

/** What is done about findings, where it differs from the checks' own opinion. */
export type CheckPolicy = ReadonlyMap<string, CheckAction>;

export const OWN_OPINION: CheckPolicy = new Map();

const SEVERITIES: Readonly<Record<CheckAction, FindingSeverity>> = {
  accept: 'note', flag: 'warning', quarantine: 'error',
};

export const severityOf = (action: CheckAction): FindingSeverity => SEVERITIES[action];

/** Reads `code:action,code:action`; the refusal says which entry is wrong and what is allowed. */
export function readCheckPolicy(text: string): Decision<CheckPolicy, 'check-policy-malformed'> {
  const policy = new Map<string, CheckAction>();
  for (const entry of text.split(',').map((part) => part.trim()).filter((part) => part !== '')) {
    const [code = '', action = ''] = entry.split(':').map((part) => part.trim());
    if (!isCheckCode(code)) return malformed(`"${code}" is no check; known: ${Object.keys(CHECKS).join(', ')}`);
    if (!isAction(action)) return malformed(`${code}: accept, flag or quarantine is expected, not "${action}"`);
    if (checkEntry(code).fixed === true) return malformed(`${code}: what happens then cannot be changed`);
    policy.set(code, action);
  }
  return granted(policy);
}

/** The findings with the severity that the policy gives them; where it is silent, with their own. */
export function applyPolicy(findings: readonly CdrFinding[], policy: CheckPolicy): readonly CdrFinding[] {
  if (policy.size === 0) return findings;
  return findings.map((finding) => {
    const action = finding.by === 'check' ? policy.get(finding.code) : undefined;
    return action === undefined ? finding : { ...finding, severity: severityOf(action) };
  });
}

/** A check as people see it. */
export interface ListedCheck {
  readonly code: CheckCode;
  readonly about: string;
  readonly action: CheckAction;
  readonly severity: FindingSeverity;
  readonly source: string;
  /** Who decided about the action. */
  readonly decidedBy: 'default' | 'policy' | 'fixed';
}

export function listChecks(policy: CheckPolicy): readonly ListedCheck[] {
  return (Object.keys(CHECKS) as CheckCode[]).map((code) => {
    const { about, action: own, source, fixed } = checkEntry(code);
    const action = policy.get(code) ?? own;
    const decidedBy = fixed === true ? 'fixed' : policy.has(code) ? 'policy' : 'default';
    return { code, about, action, severity: severityOf(action), source, decidedBy };
  });
}

const isAction = (text: string): text is CheckAction => Object.hasOwn(SEVERITIES, text);

const malformed = (detail: string) => refused('check-policy-malformed', detail);
