import { granted, refused, type Brand, type Decision } from '@emp/kernel';
import { EVSE_ID_ANY_CASE, EVSE_ID_STRICT } from './patterns.ts';

/** An EVSE id in the spelling in which it arrived: send back exactly this (OICP §4.2, E-17). */
export type EvseId = Brand<string, 'EvseId'>;

/**
 * Reads an EVSE id of either grammar, in any case: ISO `DE*AB7*E840*6487`, DIN `+49*810*000*438`.
 * Refuses with `not-an-evse-id`.
 */
export function parseEvseId(text: string): Decision<EvseId, 'not-an-evse-id'> {
  const trimmed = text.trim();
  return EVSE_ID_ANY_CASE.test(trimmed)
    ? granted(trimmed as EvseId)
    : refused('not-an-evse-id', `an EVSE id is expected, like DE*AB7*E840*6487 or +49*810*000*438`);
}

/** Whether the id satisfies the pattern of the specification, upper case included. */
export const isStrictEvseId = (text: string): boolean => EVSE_ID_STRICT.test(text);

/**
 * What two spellings of one EVSE have in common: upper case, and for the ISO form without separators
 * (`DE*AB7*E840*6487` = `deab7e8406487` → `DEAB7E8406487`). In the DIN form `*` separates numbers of any length and
 * is kept; only the plus sign goes. Of a text that is no EVSE id, the upper-cased text.
 */
export function evseKey(text: string): string {
  const upper = text.trim().toUpperCase();
  if (!EVSE_ID_ANY_CASE.test(upper)) return upper;
  const first = upper.charCodeAt(0);
  return first >= 65 ? upper.replaceAll('*', '') : upper.replace('+', '');
}

/** The operator an ISO or DIN EVSE id names by its prefix, e.g. `DE*AB7`; not necessarily the operator of the record. */
export function operatorPrefixOf(text: string): string | undefined {
  const upper = text.trim().toUpperCase();
  if (!EVSE_ID_ANY_CASE.test(upper)) return undefined;
  if (upper.charCodeAt(0) < 65) return upper.split('*', 2).join('*');
  const bare = upper.replaceAll('*', '');
  return `${bare.slice(0, 2)}*${bare.slice(2, 5)}`;
}
