import type { FindingCode, Severity } from '../finding.ts';
import type { MessageClass } from '../member/member-type.ts';
import type { Complaint } from '../read/deviations.ts';
import { memberStep, type Step } from '../read/step.ts';

/** Says that a rule is broken: at which member (or way of members; `undefined`: the object), and what is expected. */
export type Complain = (member: string | readonly string[] | undefined, expected: string) => void;

/** What the reader knows besides the message. */
export interface Circumstances {
  /** Records of the document that could not be read and are missing in its lists. */
  readonly rejected: readonly unknown[];
}

/** A rule over several members of one object, with its source. */
export interface CrossRule<T extends object = object> {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Section of the reference, or who enforces it. */
  readonly source: string;
  readonly erratum?: string;
  readonly check: (message: T, complain: Complain, circumstances: Circumstances) => void;
}

/** Where findings of a rule go: the reader's context serves the validator too. */
export interface RuleReporter extends Circumstances {
  enter(step: Step): void;
  leave(): void;
  report(complaint: Complaint, step?: Step): void;
}

export interface RegisteredRule {
  readonly messageClass: string;
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly source: string;
  readonly erratum: string | undefined;
}

const rules = new Map<MessageClass, CrossRule[]>();

/** Adds rules for objects of a class. */
export function crossRules<T extends object>(messageClass: MessageClass<T>, ...added: readonly CrossRule<T>[]): void {
  rules.set(messageClass, [...(rules.get(messageClass) ?? []), ...(added as readonly CrossRule[])]);
}

/** Every rule with its source, for documentation and the command line. */
export function registeredRules(): readonly RegisteredRule[] {
  return [...rules].flatMap(([messageClass, own]) => own.map(({ code, severity, source, erratum }) => ({
    messageClass: messageClass.name, code, severity, source, erratum,
  })));
}

/** All rules of a class as one function, or `undefined` if it has none. */
export function crossRuleOf(messageClass: MessageClass): ((message: object, reporter: RuleReporter) => void) | undefined {
  const checks = (rules.get(messageClass) ?? []).map(checkOf);
  if (checks.length === 0) return undefined;
  return (message, reporter) => {
    for (let at = 0; at < checks.length; at += 1) checks[at]!(message, reporter);
  };
}

function checkOf({ code, severity, erratum, check }: CrossRule): (message: object, reporter: RuleReporter) => void {
  const complaints = new Map<string, Complaint>();
  let reporter: RuleReporter;
  const complain: Complain = (member, expected) => {
    let complaint = complaints.get(expected);
    if (complaint === undefined) {
      complaint = { code, severity, message: `${code.replaceAll('-', ' ')}; expected: ${expected}`, erratum };
      complaints.set(expected, complaint);
    }
    const way = typeof member === 'string' ? [member] : member ?? [];
    for (const name of way.slice(0, -1)) reporter.enter(memberStep(name));
    const last = way.at(-1);
    reporter.report(complaint, last === undefined ? undefined : memberStep(last));
    for (let up = 1; up < way.length; up += 1) reporter.leave();
  };
  return (message, given) => {
    reporter = given;
    check(message, complain, given);
  };
}
