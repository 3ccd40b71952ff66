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
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Two spellings of the same member (OICP §16: E-28, E-29). */
const ALIASES: Readonly<Record<string, string>> = {
  '/HubOperatorId': '/HubOperatorID',
  '/HubProviderId': '/HubProviderID',
  '/MeterValueInBetween/meterValues': '/MeterValueInBetween',
};
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
  return JSON.stringify([...content.values].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** JSON pointers of the members that differ, in order; never their values. */
export function differingMembers(one: RecordContent, other: RecordContent): readonly string[] {
  const pointers = new Set([...one.values.keys(), ...other.values.keys()]);
  return [...pointers].filter((pointer) => one.values.get(pointer) !== other.values.get(pointer)).sort();
}

/** `JSON.parse` with numbers as texts, so that none of their digits is lost (rule: energy never touches `number`). */
function parseExactly(text: string): unknown {
  try {
    JSON.parse(text); // The pattern below takes quadratic time for some texts that are not JSON.
    const exact = text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') ? token : `"${decimalText(token)}"`));
    return JSON.parse(exact);
  } catch {
    return undefined;
  }
}

function collect(value: unknown, pointer: string, values: Map<string, string>, depth: number): boolean {
  if (depth > DEEPEST) return false;
  if (value === null || value === '') return true;
  if (typeof value === 'object') {
    return Object.entries(value).every(([member, inner]) => {
      const path = `${pointer}/${Array.isArray(value) ? member : member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      return collect(inner, ALIASES[path] ?? path, values, depth + 1);
    });
  }
  values.set(pointer, DECIMALS.test(pointer) ? decimalText(String(value)) : String(value));
  return true;
}

function decimalText(text: string): string {
  return Decimal.tryParse(text)?.normalised().toString() ?? text;
}
