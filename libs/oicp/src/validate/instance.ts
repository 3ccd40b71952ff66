import { membersOfClass } from '../member/member.ts';
import type { MemberType, MessageClass } from '../member/member-type.ts';

/** The message as an instance of its class, members likewise, nulls left out: what class-validator works on. */
export function instanceOf(messageClass: MessageClass, message: object): object {
  const instance = Object.create(messageClass.prototype as object) as Record<string, unknown>;
  const source = message as Readonly<Record<string, unknown>>;
  for (const { name, type } of membersOfClass(messageClass)) {
    const value = source[name];
    if (value !== null && value !== undefined) instance[name] = nested(type, value);
  }
  return instance;
}

function nested(type: MemberType, value: unknown): unknown {
  if (type.shape === 'list' && Array.isArray(value)) return value.map((element) => nested(type.of, element));
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return type.shape === 'object' && isObject ? instanceOf(type.of(), value) : value;
}
