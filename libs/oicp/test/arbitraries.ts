import fc from 'fast-check';
import { membersOfClass, type Member } from '../src/member/member.ts';
import type { MemberType, MessageClass, TextType } from '../src/member/member-type.ts';
import { MESSAGE_CLASSES, type MessageKind } from '../src/messages/messages.ts';
import { Identification } from '../src/types/identification.ts';


type Kinds = readonly (keyof Identification)[];
const REMOTE: Kinds = ['RemoteIdentification'];
const TAPPED: Kinds = ['RFIDMifareFamilyIdentification', 'PlugAndChargeIdentification'];
const IDENTIFICATIONS: Partial<Record<MessageKind, Kinds>> = {
  AuthorizeRemoteStart: REMOTE,
  AuthorizeRemoteReservationStart: REMOTE,
};

/** Messages of one kind that satisfy every rule for single members; most also satisfy the rules over several. */
export function messageOf(kind: MessageKind): fc.Arbitrary<Record<string, unknown>> {
  return objectOf(MESSAGE_CLASSES[kind], IDENTIFICATIONS[kind] ?? TAPPED);
}

function objectOf(messageClass: MessageClass, identifications: Kinds): fc.Arbitrary<Record<string, unknown>> {
  const members = membersOfClass(messageClass);
  if (messageClass === Identification) {
    return fc.constantFrom(...identifications).chain((kind) => fc.record({
      [kind]: valueOf(members.find(({ name }) => name === kind)!.type, identifications),
    }));
  }
  const arbitraries = Object.fromEntries(members.map(({ name, type }) => [name, valueOf(type, identifications)]));
  return fc.record(arbitraries, { requiredKeys: members.filter(isRequired).map(({ name }) => name) });
}

const isRequired = ({ presence }: Member): boolean => presence !== 'optional';

function valueOf(type: MemberType, identifications: Kinds): fc.Arbitrary<unknown> {
  switch (type.shape) {
    case 'text': return textOf(type);
    case 'decimal': return fc.tuple(fc.nat(999), fc.nat(999)).map(([whole, milli]) => decimal(whole, milli, type.constraints.map(({ test }) => test)));
    case 'count': return fc.integer({ min: -5, max: 2000 }).filter((value) => type.constraints.every(({ test }) => test(value)));
    case 'flag': return fc.boolean();
    case 'object': return objectOf(type.of(), identifications);
    case 'list': return fc.array(valueOf(type.of, identifications), { minLength: 1, maxLength: 2 });
    default: return fc.jsonValue({ maxDepth: 1 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown).filter((value) => value !== null);
  }
}

/** The longest form of a decimal that its type allows; without zeros at its end, which JSON numbers do not keep. */
function decimal(whole: number, milli: number, tests: readonly ((value: unknown) => boolean)[]): string {
  const forms = [`${whole}.${String(milli).padStart(3, '0')}`, `${whole}.${milli % 10}`, `${whole}`, `${whole + 1}`]
    .map((text) => text.replace(/\.?0+$/, (zeros, at: number) => (text.includes('.') && at > 0 ? '' : zeros)));
  return forms.find((text) => tests.every((test) => test(text))) ?? '1';
}

const texts = new Map<TextType, fc.Arbitrary<string>>();

/** Texts of a grammar are slow to make: a dozen of each type, always the same ones, is enough. */
function textOf(type: TextType): fc.Arbitrary<string> {
  let text = texts.get(type);
  if (text === undefined) {
    text = type.literals === undefined
      ? fc.constantFrom(...fc.sample(freshText(type), { seed: 4711, numRuns: 12 }))
      : fc.constantFrom(...type.literals);
    texts.set(type, text);
  }
  return text;
}

function freshText(type: TextType): fc.Arbitrary<string> {
  const pattern = type.strict instanceof RegExp ? type.strict : patternOf(type);
  const conformant = (text: string): boolean => type.constraints.every(({ test }) => test(text));
  if (pattern !== undefined) return fc.stringMatching(pattern).filter(conformant);
  return fc.string({ minLength: 2, maxLength: 5 }).filter(conformant);
}

function patternOf({ constraints }: TextType): RegExp | undefined {
  const pattern = constraints.find(({ schema }) => typeof schema.pattern === 'string')?.schema.pattern;
  return typeof pattern === 'string' ? new RegExp(pattern) : undefined;
}
