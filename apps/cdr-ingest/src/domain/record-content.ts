import { Decimal } from '@emp/money';
import { sessionKey } from './session-key.ts';

export interface RecordContent {
  /** As the record spells it; `null` if it names none. */
  readonly sessionId: string | null;
  /** Every value of the record by its JSON pointer, free of how it was written. */
  readonly values: ReadonlyMap<string, string>;
}

/** Deeper than any OICP message; beyond it a text is not a record but an attack. */
const DEEPEST = 500;
/** May find one inside of a string, too: that costs time, nothing else. */
const LONG_NUMBER = /[:[,]\s*-?(?:[\d.]{16}|[\d.]+[eE])/;
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Two spellings of the same member (OICP §16: E-28, E-29). */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['/HubOperatorId', '/HubOperatorID'],
  ['/HubProviderId', '/HubProviderID'],
  ['/MeterValueInBetween/meterValues', '/MeterValueInBetween'],
]);
/** Decimals that some operators write as text (E-29). */
const DECIMALS = /^\/(?:ConsumedEnergy|MeterValueStart|MeterValueEnd|MeterValueInBetween\/\d+)$/;

/**
 * The content of a record for comparison: order of members, blanks, trailing zeros of numbers and the ways to say
 * nothing (`null`, `""`, `[]`, `{}`) make no difference. `undefined` if the text is not JSON.
 */
export function recordContent(text: string): RecordContent | undefined {
  const value = parseExactly(text);
  if (value === undefined) return undefined;
  const values = new Map<string, string>();
  if (!collect(value, '', values, 0)) return undefined;
  const sessionId = values.get('/SessionID')?.trim() ?? null;
  if (sessionId !== null) values.set('/SessionID', sessionKey(sessionId));
  return { sessionId, values };
}

/** One text per content: equal contents have equal texts. */
export function contentText(content: RecordContent): string {
  return JSON.stringify([...content.values.keys()].sort().map((pointer) => [pointer, content.values.get(pointer)]));
}

/** JSON pointers of the members that differ, in order; never their values. */
export function differingMembers(one: RecordContent, other: RecordContent): readonly string[] {
  const pointers = new Set([...one.values.keys(), ...other.values.keys()]);
  return [...pointers].filter((pointer) => one.values.get(pointer) !== other.values.get(pointer)).sort();
}

/**
 * `JSON.parse`, but no number loses a digit (energy never touches `number`): those that a double may not hold, longer
 * than 15 digits or with an exponent, become texts before.
 */
function parseExactly(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (!LONG_NUMBER.test(text)) return value;
    // Only now: for some texts that are not JSON, the replacement takes quadratic time.
    return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"${decimalText(token)}"`)));
  } catch {
    return undefined;
  }
}

function collect(value: unknown, pointer: string, values: Map<string, string>, depth: number): boolean {
  if (depth > DEEPEST) return false;
  if (value === null || value === '') return true;
  if (typeof value !== 'object') {
    values.set(pointer, leafText(pointer, value));
    return true;
  }
  const members = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [member, inner] of members) {
    const path = pointer + pointerStep(member);
    if (!collect(inner, ALIASES.get(path) ?? path, values, depth + 1)) return false;
  }
  return true;
}

/** RFC 6901. */
function pointerStep(member: string | number): string {
  if (typeof member === 'number' || !/[~/]/.test(member)) return `/${member}`;
  return `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function leafText(pointer: string, value: unknown): string {
  const text = String(value);
  if (typeof value === 'number') return text.includes('e') ? decimalText(text) : text;
  return DECIMALS.test(pointer) ? decimalText(text) : text;
}

function decimalText(text: string): string {
  return Decimal.tryParse(text)?.normalised().toString() ?? text;
}
