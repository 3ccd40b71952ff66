import fc from 'fast-check';
import { messageOf } from '../../test/arbitraries.ts';
import { samples } from '../../test/samples.ts';
import { MESSAGE_KINDS, readOicp, type Finding, type MessageKind } from '../index.ts';
import { membersOfClass } from '../member/member.ts';
import type { MessageClass } from '../member/member-type.ts';
import { MESSAGE_CLASSES } from '../messages/messages.ts';
import { ReadContext } from '../read/context.ts';
import { serialize } from '../write/serialize.ts';
import { explain } from './explain.ts';
import { conforms, jsonSchemaOf } from './schemas.ts';

/** The verdict of class-validator, as findings. */
function explained(messageClass: MessageClass, message: object): readonly Finding[] {
  const context = new ReadContext();
  explain(messageClass, message, context);
  return context.findings();
}

const key = ({ pointer, code }: Finding): string => `${pointer} ${code}`;

/** Puts something else at one place of a message; the place is found by the numbers, at any depth. */
function mutated(message: unknown, path: readonly number[], replacement: unknown): unknown {
  const [first, ...rest] = path;
  if (typeof message !== 'object' || message === null || first === undefined) return replacement;
  const keys = Object.keys(message);
  if (keys.length === 0) return replacement;
  const key = keys[first % keys.length]!;
  const value = mutated((message as Record<string, unknown>)[key], rest, replacement);
  if (Array.isArray(message)) return message.map((element: unknown, index) => (String(index) === key ? value : element));
  return { ...message, [key]: value };
}

const replacement = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, '', ' ', 'x', 'DE*SIM', 'DE-EMP', '2026-05-01T00:00:00', '-1', '0', '1.2345', '1e5', 0, -1, 1.5, 1e300, 100, 1000, true, [], {}, [[]], [null], [{}], '\ud800', 'é💥'),
  fc.string({ maxLength: 12 }),
  fc.nat(400).map((length) => 'ä'.repeat(length)),
);
const mutation = fc.record({ path: fc.array(fc.nat(60), { minLength: 1, maxLength: 6 }), replacement });

describe('ajv, class-validator and the reader', () => {
  it.each(samples('conformant'))('agree that $name is valid', ({ kind, text }) => {
    const outcome = readOicp(kind, text);
    if (!outcome.ok) throw new Error('unreadable');
    const messageClass = MESSAGE_CLASSES[kind];
    expect(explained(messageClass, outcome.message)).toEqual([]);
    expect(conforms(messageClass, outcome.message)).toBe(true);
  });

  it.each(samples('dirty'))('agree about what is left of $name', ({ kind, text }) => {
    const outcome = readOicp(kind, text);
    if (!outcome.ok) throw new Error('unreadable');
    const messageClass = MESSAGE_CLASSES[kind];
    const left = explained(messageClass, outcome.message);
    expect(conforms(messageClass, outcome.message)).toBe(left.length === 0);
    expect(outcome.findings.map(({ code }) => code)).toEqual(expect.arrayContaining(left.map(({ code }) => code)));
  });

  it.each(MESSAGE_KINDS)('agree over generated messages of kind %s and their mutations', (kind) => {
    const messageClass: MessageClass = MESSAGE_CLASSES[kind];
    fc.assert(fc.property(messageOf(kind), mutation, (message, { path, replacement: value }) => {
      expect(explained(messageClass, message)).toEqual([]);
      expect(conforms(messageClass, message)).toBe(true);
      const spoilt = mutated(message, path, value);
      if (typeof spoilt !== 'object' || spoilt === null || Array.isArray(spoilt)) return;
      const reasons = explained(messageClass, spoilt);
      expect({ valid: conforms(messageClass, spoilt), reasons: reasons.map(key) }).toEqual({ valid: reasons.length === 0, reasons: reasons.map(key) });
    }), { numRuns: 15 });
  });

  it.each<MessageKind>(['ChargeDetailRecord', 'EvseDataRecord', 'PullEvseData', 'ContractsDocument'])(
    'give the same reasons for texts of %s that break a rule', (kind) => {
      const messageClass: MessageClass = MESSAGE_CLASSES[kind];
      // Texts that the reader repairs or takes for nothing are another story.
      const text = fc.stringMatching(/^[a-zA-Z*.-]{1,70}$/).filter((value) => !/true|false|none|null|nan|undefined/i.test(value));
      fc.assert(fc.property(messageOf(kind), fc.array(fc.nat(60), { minLength: 1, maxLength: 5 }), text, (message, path, value) => {
        const spoilt = mutated(message, path, value);
        fc.pre(typeof spoilt === 'object' && spoilt !== null && hasSameShape(message, spoilt));
        const decimals = (findings: readonly Finding[]): string[] => findings.filter(({ erratum, code }) => !isRule(code, erratum)).map(key).sort();
        const outcome = readOicp(kind, serialize(messageClass, spoilt));
        const said = outcome.ok ? outcome.findings : [];
        fc.pre(outcome.ok && !said.some(({ code }) => code === 'not-a-decimal' || code === 'value-spelling' || code === 'unreadable'));
        expect(decimals(said)).toEqual(decimals(explained(messageClass, spoilt)));
      }), { numRuns: 15 });
    },
  );
});

const RULES = new Set([
  'identification-ambiguous', 'identification-missing', 'instants-disordered', 'energy-differs', 'energy-implausible',
  'meter-values-disordered', 'signed-values-disordered', 'evco-check-digit', 'opening-times-missing', 'payment-contradictory',
  'energy-sources-exceed', 'coordinates-empty', 'coordinates-implausible', 'operator-prefix-differs', 'filter-not-allowed',
  'member-unknown', 'member-spelling',
]);
const isRule = (code: string, _erratum: string | undefined): boolean => RULES.has(code);

/** Whether only texts were replaced by texts. */
function hasSameShape(one: unknown, other: unknown): boolean {
  if (typeof one !== typeof other || Array.isArray(one) !== Array.isArray(other)) return false;
  if (typeof one !== 'object' || one === null || other === null) return typeof one === 'string' || one === other;
  return Object.keys(one).every((name) => hasSameShape((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]));
}

describe('the schemas', () => {
  it.each(MESSAGE_KINDS)('describe every member of %s', (kind) => {
    const schema = jsonSchemaOf(MESSAGE_CLASSES[kind]) as { $defs: Record<string, { properties: object }> };
    const names = membersOfClass(MESSAGE_CLASSES[kind]).map(({ name }) => name).sort();
    expect(Object.keys(schema.$defs[kind]!.properties).sort()).toEqual(names);
  });

  it('accept null for optional members: explicit null is absence', () => {
    expect(conforms(MESSAGE_CLASSES.Acknowledgement, { Result: true, StatusCode: { Code: '000', AdditionalInfo: null }, SessionID: null })).toBe(true);
    expect(conforms(MESSAGE_CLASSES.Acknowledgement, { Result: null, StatusCode: { Code: '000' } })).toBe(false);
  });
});
