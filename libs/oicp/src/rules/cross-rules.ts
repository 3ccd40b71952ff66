import type { FindingCode, Severity } from '../finding.ts';
import type { MessageClass } from '../member/member-type.ts';

/** A rule over several members of one object, with its source. */
export interface CrossRule<T extends object = object> {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Section of the reference. */
  readonly source: string;
  readonly erratum?: string;
  /** Calls `complain` with the member to point at and what is expected. */
  readonly check: (message: T, complain: (member: string | undefined, expected: string) => void) => void;
}

/** Where findings of a rule go: the reader's context, or the validator's. */
export interface RuleReporter {
  report(complaint: { code: FindingCode; severity: Severity; message: string; erratum?: string | undefined }, step?: string): void;
}

const rules = new Map<MessageClass, CrossRule[]>();

/** Adds rules for objects of a class. */
export function crossRules<T extends object>(messageClass: MessageClass<T>, ...added: readonly CrossRule<T>[]): void {
  rules.set(messageClass, [...(rules.get(messageClass) ?? []), ...(added as readonly CrossRule[])]);
}

/** All rules of a class as one function, or `undefined` if it has none. */
export function crossRuleOf(messageClass: MessageClass): ((message: object, reporter: RuleReporter) => void) | undefined {
  const own = rules.get(messageClass);
  if (own === undefined) return undefined;
  return (message, reporter) => {
    for (const { code, severity, erratum, check } of own) {
      check(message, (member, expected) => {
        reporter.report({ code, severity, message: `${code.replaceAll('-', ' ')}; expected: ${expected}`, erratum }, member);
      });
    }
  };
}
