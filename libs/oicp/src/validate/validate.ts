import type { Finding } from '../finding.ts';
import { membersOfClass } from '../member/member.ts';
import type { MessageClass } from '../member/member-type.ts';
import { MESSAGE_CLASSES, type MessageKind, type OicpMessages } from '../messages/messages.ts';
import { ReadContext } from '../read/context.ts';
import { crossRuleOf } from '../rules/cross-rules.ts';
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
  if (!conforms(messageClass, message)) explain(messageClass, message, context);
  applyRules(messageClass, message, context);
  return context.findings;
}

function applyRules(messageClass: MessageClass, message: unknown, context: ReadContext): void {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return;
  crossRuleOf(messageClass)?.(message, context);
  for (const { name, type } of membersOfClass(messageClass)) {
    const element = type.shape === 'list' ? type.of : type;
    const value = (message as Readonly<Record<string, unknown>>)[name];
    if (element.shape !== 'object' || value === undefined || value === null) continue;
    context.enter(name);
    if (type.shape !== 'list') applyRules(element.of(), value, context);
    else if (Array.isArray(value)) {
      value.forEach((one, index) => {
        context.enter(index);
        applyRules(element.of(), one, context);
        context.leave();
      });
    }
    context.leave();
  }
}
