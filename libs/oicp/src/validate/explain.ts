import { validateSync, type ValidationError } from 'class-validator';
import type { Constraint } from '../member/constraint.ts';
import { membersOfClass, type Member } from '../member/member.ts';
import type { MessageClass } from '../member/member-type.ts';
import { complaintOf, missing } from '../read/complaints.ts';
import { ReadContext, type Complaint } from '../read/context.ts';
import { memberStep } from '../read/step.ts';
import { instanceOf } from './instance.ts';

/** Why a message is refused, member by member: class-validator's errors as findings. */
export function explain(messageClass: MessageClass, message: object, context: ReadContext): void {
  const errors = validateSync(instanceOf(messageClass, message), {
    forbidUnknownValues: false, validationError: { target: false },
  });
  report(messageClass, errors, context);
}

function report(messageClass: MessageClass, errors: readonly ValidationError[], context: ReadContext): void {
  const members = new Map(membersOfClass(messageClass).map((member) => [member.name, member]));
  for (const error of errors) {
    const member = members.get(error.property);
    if (member !== undefined) reportMember(member, error, context);
  }
}

function reportMember(member: Member, error: ValidationError, context: ReadContext): void {
  if (error.constraints?.isDefined !== undefined) {
    context.report(missing(member), memberStep(member.name));
    return;
  }
  const failed = Object.values(error.contexts ?? {}) as Constraint[];
  const own = member.type.shape === 'list' ? [] : failed;
  const [first] = member.type.constraints.filter((constraint) => failed.includes(constraint));
  const wrongType = failed.find((constraint) => constraint.code === 'wrong-type');
  if (member.type.shape === 'list') reportList(member, error, failed, context);
  else if (wrongType ?? first) context.report(complaintOf((wrongType ?? first)!), memberStep(member.name));
  else if (own.length > 0) context.report(complaintOf(own[0]!), memberStep(member.name));
  reportChildren(member, error, context);
}

/** class-validator says of a list only that some element fails; which one is found with the same predicate. */
function reportList(member: Member, error: ValidationError, failed: readonly Constraint[], context: ReadContext): void {
  if (member.type.shape !== 'list') return;
  const { value } = error as { value?: unknown };
  for (const constraint of failed) {
    if (!constraint.test(value) || !Array.isArray(value)) {
      if (member.type.constraints.includes(constraint) || !Array.isArray(value)) {
        context.report(complaintOf(constraint), memberStep(member.name));
        if (!Array.isArray(value)) return;
      }
    }
  }
  if (!Array.isArray(value)) return;
  const perElement = failed.filter((constraint) => !(member.type.constraints as readonly Constraint[]).includes(constraint));
  context.enter(memberStep(member.name));
  value.forEach((element, index) => {
    const constraint = perElement.find((candidate) => !candidate.test(element));
    if (constraint !== undefined) context.report(complaintOf(constraint), index);
  });
  context.leave();
}

function reportChildren(member: Member, error: ValidationError, context: ReadContext): void {
  if (error.children === undefined || error.children.length === 0) return;
  const element = member.type.shape === 'list' ? member.type.of : member.type;
  if (element.shape !== 'object') return;
  context.enter(memberStep(member.name));
  if (member.type.shape === 'list') {
    for (const child of error.children) {
      context.enter(Number(child.property));
      report(element.of(), child.children ?? [], context);
      context.leave();
    }
  } else {
    report(element.of(), error.children, context);
  }
  context.leave();
}

export type { Complaint };
