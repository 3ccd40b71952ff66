import type { Finding } from '../finding.ts';
import { membersOfClass, ofShape } from '../member/member.ts';
import type { MemberType, MessageClass } from '../member/member-type.ts';
import { MESSAGE_CLASSES, type MessageKind, type OicpMessages } from '../messages/messages.ts';
import { ReadContext } from '../read/context.ts';
import { memberStep } from '../read/step.ts';
import { preparedRulesOf } from '../rules/cross-rules.ts';
import '../rules/all-rules.ts';
import { explain } from './explain.ts';
import { conforms } from './schemas.ts';

/**
 * What of a message deviates from the specification, rules over several members included. The pointers are those of
 * the message; pointers into a document as it arrived come from `readOicp`, which finds the same and the drift of form
 * besides. The compiled schema decides, class-validator explains.
 */
export function validateOicp<K extends MessageKind>(kind: K, message: OicpMessages[K]): readonly Finding[] {
  const context = new ReadContext();
  const messageClass: MessageClass = MESSAGE_CLASSES[kind];
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    context.report({ code: 'not-an-object', severity: 'error', message: `no object; expected: ${kind}` });
    return context.findings();
  }
  if (!conforms(messageClass, message)) explain(messageClass, message, context);
  applyRules(messageClass, message, context);
  return context.findings();
}

type Shaped = Record<string, unknown>;

/**
 * Applies the rules of an object and of everything in it. Rules may rely on types: they see a copy that holds only
 * members of the right JavaScript type, and only objects that have their essential members (`undefined` if not).
 */
function applyRules(messageClass: MessageClass, message: object, context: ReadContext): Shaped | undefined {
  const shaped: Shaped = {};
  let usable = true;
  for (const { name, type, presence } of membersOfClass(messageClass)) {
    const value = (message as Shaped)[name];
    const understood = value === undefined || value === null ? undefined : shapedValue(type, value, memberStep(name), context);
    if (understood !== undefined) shaped[name] = understood;
    else if (presence === 'essential') usable = false;
  }
  if (!usable) return undefined;
  for (const rule of preparedRulesOf(messageClass)) {
    rule.to = context;
    rule.about = shaped;
    rule.check(shaped, rule.complain, context);
    rule.about = undefined;
  }
  return shaped;
}

function shapedValue(type: MemberType, value: unknown, step: number, context: ReadContext): unknown {
  if (!ofShape(type).test(value)) return undefined;
  if (type.shape !== 'object' && type.shape !== 'list') return value;
  context.enter(step);
  const shaped = type.shape === 'object'
    ? applyRules(type.of(), value as object, context)
    : (value as unknown[]).map((element, index) => shapedValue(type.of, element, index, context))
      .filter((element) => element !== undefined);
  context.leave();
  return shaped;
}
