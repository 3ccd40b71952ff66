import { operatorKey, providerKey } from '@emp/oicp';

const SEPARATORS = ['*', '-', ''];

/**
 * One spelling of an operator, however it came: `de*sim`, `DE-SIM`, `DESIM` are `DE*SIM`, `49*536` is `+49*536`
 * (OICP §4.3). What is no operator's id stays as it is.
 */
export function operatorSpelling(id: string): string {
  const key = operatorKey(id);
  if (/^[A-Z]{2}[A-Z0-9]{3}$/.test(key)) return spelled(key, '*');
  return /^\d{1,3}\*\d{3}$/.test(key) ? `+${key}` : id;
}

/** The spellings in which an operator may have come, to look for all of them. */
export function operatorSpellings(id: string): readonly string[] {
  const key = operatorKey(id);
  return distinct([id, ...(/^\d/.test(key) ? [key, `+${key}`] : spellings(key))]);
}

/** The spellings in which a provider may have come. */
export function providerSpellings(id: string): readonly string[] {
  return distinct([id, ...spellings(providerKey(id))]);
}

const spelled = (key: string, separator: string): string => `${key.slice(0, 2)}${separator}${key.slice(2)}`;

const spellings = (key: string): readonly string[] =>
  SEPARATORS.map((separator) => spelled(key, separator)).flatMap((upper) => [upper, upper.toLowerCase()]);

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
