import { membersOfClass, type Member } from '../member/member.ts';
import type { MemberType, MessageClass } from '../member/member-type.ts';
import { withoutMarks } from '../numbers/long-literals.ts';

type Source = Readonly<Record<string, unknown>>;

/** JSON text of a valid message: members in the order of their declaration, then those OICP does not know. */
export function serialize(messageClass: MessageClass, message: object): string {
  const source = message as Source;
  const members = membersByName(messageClass);
  const parts: string[] = [];
  for (const { name, type } of members.values()) {
    const value = source[name];
    if (value !== undefined && value !== null) parts.push(`"${name}":${json(type, value)}`);
  }
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (!members.has(key) && value !== undefined) parts.push(`${JSON.stringify(key)}:${anyJson(value)}`);
  }
  return `{${parts.join(',')}}`;
}

function json(type: MemberType, value: unknown): string {
  switch (type.shape) {
    case 'decimal': return value as string;
    case 'object': return serialize(type.of(), value as object);
    case 'list': return `[${(value as unknown[]).map((element) => json(type.of, element)).join(',')}]`;
    case 'any': return anyJson(value);
    default: return JSON.stringify(value);
  }
}

/** Unknown content; numbers that were too long for a double get their digits back. */
function anyJson(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? 'null' : withoutMarks(text);
}

const names = new Map<MessageClass, ReadonlyMap<string, Member>>();

function membersByName(messageClass: MessageClass): ReadonlyMap<string, Member> {
  let members = names.get(messageClass);
  if (members === undefined) {
    members = new Map(membersOfClass(messageClass).map((member) => [member.name, member]));
    names.set(messageClass, members);
  }
  return members;
}
