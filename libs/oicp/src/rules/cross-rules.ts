import type { FindingCode, Severity } from '../finding.ts';
import type { MessageClass } from '../member/member-type.ts';
import { standingComplaint, type Complaint } from '../read/deviations.ts';
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
  foreignStep(name: string): Step;
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

/** A rule with its complaints; `to` is where they go and `about` what they are about, set for each check. */
export interface PreparedRule {
  readonly check: CrossRule['check'];
  readonly complain: Complain;
  to: RuleReporter | undefined;
  about: Shaped | undefined;
}

type Shaped = Readonly<Record<string, unknown>>;

const prepared = new Map<MessageClass, readonly PreparedRule[]>();

export function preparedRulesOf(messageClass: MessageClass): readonly PreparedRule[] {
  let own = prepared.get(messageClass);
  if (own === undefined) {
    own = (rules.get(messageClass) ?? []).map(prepare);
    prepared.set(messageClass, own);
  }
  return own;
}

function prepare({ code, severity, erratum, check }: CrossRule): PreparedRule {
  const complaints = new Map<string, Complaint>();
  const rule: PreparedRule = {
    check,
    to: undefined,
    about: undefined,
    complain: (member, expected) => {
      let complaint = complaints.get(expected);
      if (complaint === undefined) {
        complaint = standingComplaint({ code, severity, message: `${code.replaceAll('-', ' ')}; expected: ${expected}`, erratum });
        complaints.set(expected, complaint);
      }
      reportAt(rule, typeof member === 'string' ? [member] : member ?? [], complaint);
    },
  };
  return rule;
}

function reportAt({ to, about }: PreparedRule, way: readonly string[], complaint: Complaint): void {
  if (to === undefined) return;
  let object = about;
  const steps = way.map((name) => {
    const step = stepInDocument(object, name, to);
    object = object?.[name] as Shaped | undefined;
    return step;
  });
  for (const step of steps.slice(0, -1)) to.enter(step);
  to.report(complaint, steps.at(-1));
  for (let up = 1; up < steps.length; up += 1) to.leave();
}

/** The reader leaves behind, with nothing in it, the name under which a member came if it is another than ours. */
function stepInDocument(object: Shaped | undefined, name: string, to: RuleReporter): Step {
  for (const key in object) {
    const isLeft = key.length === name.length && key !== name && object[key] === undefined;
    if (isLeft && key.toLowerCase() === name.toLowerCase()) return to.foreignStep(key);
  }
  return memberStep(name);
}
