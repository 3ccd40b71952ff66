import { validateSync, type ValidationError } from 'class-validator';
import { membersOfClass, ofShape, type Member } from '../member/member.ts';
import type { MemberType, MessageClass } from '../member/member-type.ts';
import { complaintOf, missing, quoting } from '../read/complaints.ts';
import type { ReadContext } from '../read/context.ts';
import { memberStep, type Step } from '../read/step.ts';
import { instanceOf } from './instance.ts';

/** Why a message is refused, member by member: class-validator's errors as findings. */
export function explain(messageClass: MessageClass, message: object, context: ReadContext): void {
  const errors = validateSync(instanceOf(messageClass, message), {
    forbidUnknownValues: false, validationError: { target: false },
  });
  reportErrors(messageClass, errors, context);
}

function reportErrors(messageClass: MessageClass, errors: readonly ValidationError[], context: ReadContext): void {
  const members = new Map(membersOfClass(messageClass).map((member) => [member.name, member]));
  for (const error of errors) {
    const member = members.get(error.property);
    if (member !== undefined) reportMember(member, error, context);
  }
}

function reportMember(member: Member, error: ValidationError, context: ReadContext): void {
  const step = memberStep(member.name);
  if (error.constraints?.isDefined !== undefined) {
    context.report(missing(member), step);
    return;
  }
  reportValue(member.type, error.value, step, context);
  reportNested(member, error.children ?? [], context);
}

/** class-validator names the member that fails; which rule and which element it is, the same predicates say. */
function reportValue(type: MemberType, value: unknown, step: Step, context: ReadContext): void {
  const failing = [ofShape(type), ...type.constraints].find((constraint) => !constraint.test(value));
  if (failing !== undefined) context.report(quoting(complaintOf(failing), type, value), step);
  if (type.shape !== 'list' || !Array.isArray(value)) return;
  context.enter(step);
  value.forEach((element, index) => reportValue(type.of, element, index, context));
  context.leave();
}

function reportNested(member: Member, children: readonly ValidationError[], context: ReadContext): void {
  const element = member.type.shape === 'list' ? member.type.of : member.type;
  if (element.shape !== 'object' || children.length === 0) return;
  context.enter(memberStep(member.name));
  if (member.type.shape === 'object') {
    reportErrors(element.of(), children, context);
  } else {
    for (const child of children) {
      context.enter(Number(child.property));
      reportErrors(element.of(), child.children ?? [], context);
      context.leave();
    }
  }
  context.leave();
}
