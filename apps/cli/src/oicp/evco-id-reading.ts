import {
  dinFormOf, evcoCheck, evcoCheckDigit, evcoKey, isStrictEvcoId, parseEvcoId, providerOfEvcoId,
} from '@emp/oicp';
import { blanksAround, remarks, type IdReading } from './id-reading.ts';

/** A contract id of either form (OICP §4.1). */
export function readEvcoId(text: string): IdReading | undefined {
  if (!parseEvcoId(text).ok) return undefined;
  const key = evcoKey(text);
  const din = dinFormOf(text);
  return {
    kind: 'EvcoID',
    grammar: isIso(key) ? 'ISO 15118 (EMAID)' : 'DIN SPEC 91286',
    key,
    conformant: isStrictEvcoId(text),
    ...checkCharacterOf(text, key),
    facts: { provider: providerOfEvcoId(text), ...(din !== undefined && { 'made from the DIN form': din }) },
    odd: oddities(text, key),
  };
}

const isIso = (key: string): boolean => key.length === 14;
const bareForm = (text: string): string => text.trim().replaceAll(/[*-]/g, '');

function checkCharacterOf(text: string, key: string): Pick<IdReading, 'checkCharacter'> {
  const expected = evcoCheckDigit(text);
  if (expected === undefined) return {};
  const check = evcoCheck(text);
  const written = check === 'absent' ? null : bareForm(text).slice(key.length).toUpperCase();
  return { checkCharacter: { expected, written, fits: check === 'absent' ? null : check === 'fits' } };
}

function oddities(text: string, key: string): readonly string[] {
  const iso = isIso(key);
  const check = evcoCheck(text);
  const instance = bareForm(text).slice(5);
  return remarks(
    blanksAround(text),
    [check === 'absent' && iso, "no check character: OICP's pattern demands one, Plug & Charge sends none (E-18)"],
    [check === 'absent' && !iso, "no check digit: OICP's pattern demands one (E-18)"],
    [check === 'differs', 'the check character does not fit: a slip of the pen? Nobody is refused for it'],
    [iso && text.includes('*'), 'the ISO form is separated by -, not by * (E-18)'],
    [iso && !/^c/i.test(instance), 'the instance does not begin with C'],
    [iso && instance.startsWith('c'), 'the C of the instance is in lower case: the pattern wants it in upper case'],
    [!iso && instance.endsWith('x'), 'the check digit X is in lower case: the pattern wants it in upper case (E-18)'],
  );
}
