import { granted, refused, type Brand, type Decision } from '@emp/kernel';
import { din91286CheckDigit } from './check-digit-din91286.ts';
import { iso15118CheckDigit } from './check-digit-iso15118.ts';
import { EVCO_ID, EVCO_ID_TOLERATED } from './patterns.ts';

/** A contract id (EMAID) in the spelling in which it arrived (OICP §4.1). Personal data: never in logs or errors. */
export type EvcoId = Brand<string, 'EvcoId'>;

const ISO_LENGTH = 14;
const DIN_LENGTH = 11;

/**
 * Reads ISO 15118 and DIN SPEC 91286 forms in any case, with or without separators, with or without check character
 * (Plug & Charge sends 14 characters without one). Refuses with `not-an-evco-id`; the refusal does not repeat the text.
 */
export function parseEvcoId(text: string): Decision<EvcoId, 'not-an-evco-id'> {
  const trimmed = text.trim();
  return EVCO_ID_TOLERATED.test(trimmed)
    ? granted(trimmed as EvcoId)
    : refused('not-an-evco-id', 'a contract id is expected, like DE-8EO-CAet5e4XY-3 or DE*8EO*Aet5e4*3');
}

/** Whether the published pattern of OICP 2.3 accepts the id (it wants a check character and an upper-case `C`). */
export const isStrictEvcoId = (text: string): boolean => EVCO_ID.test(text);

/**
 * What spellings of one contract have in common: upper case, no separators, no check character. The ISO form and the
 * DIN form of one contract remain different; `dinFormOf` relates them.
 */
export function evcoKey(text: string): string {
  const bare = bareForm(text);
  if (bare.length === ISO_LENGTH + 1) return bare.slice(0, ISO_LENGTH);
  return bare.length === DIN_LENGTH + 1 ? bare.slice(0, DIN_LENGTH) : bare;
}

/** The provider a contract id names: `DE-8EO-CAet5e4XY-3` → `DE-8EO`. */
export function providerOfEvcoId(text: string): string {
  const bare = bareForm(text);
  return `${bare.slice(0, 2)}-${bare.slice(2, 5)}`;
}

/** The check character the id should carry, by the standard of its form; `undefined` for a text that is no contract id. */
export function evcoCheckDigit(text: string): string | undefined {
  const key = evcoKey(text);
  return key.length === ISO_LENGTH ? iso15118CheckDigit(key) : din91286CheckDigit(key);
}

/** Whether the id's check character fits; `absent` if it has none. Never a reason to refuse a driver. */
export function evcoCheck(text: string): 'fits' | 'differs' | 'absent' {
  const bare = bareForm(text);
  const key = evcoKey(text);
  if (bare.length === key.length) return 'absent';
  return bare.slice(key.length) === evcoCheckDigit(text) ? 'fits' : 'differs';
}

/**
 * The DIN form hidden in an ISO id that was made from one (`NL-TNM-000122045-U`, `NL-TNM-C00122045-K` →
 * `NL-TNM-012204-5`): zeros in front and DIN's own check digit at the end. `undefined` if it was not made so.
 */
export function dinFormOf(text: string): string | undefined {
  const key = evcoKey(text);
  if (key.length !== ISO_LENGTH || !/^.{5}[C0]0/.test(key)) return undefined;
  const din = key.slice(0, 5) + key.slice(7, 13);
  const check = key.slice(13);
  return din91286CheckDigit(din) === check
    ? `${key.slice(0, 2)}-${key.slice(2, 5)}-${din.slice(5)}-${check}`
    : undefined;
}

const bareForm = (text: string): string => text.trim().toUpperCase().replaceAll(/[*-]/g, '');
