import {
  dinFormOf, evcoCheck, evcoCheckDigit, evcoKey, evseKey, isStrictEvcoId, isStrictEvseId, operatorKey, operatorPrefixOf, parseEvcoId, parseEvseId,
  parseOperatorId, parseProviderId, parseSessionId, parseUid, providerKey, providerOfEvcoId, reversedUid,
} from '@emp/oicp';

/** What a text is, by one grammar. */
export interface IdReading {
  readonly kind: 'EvseID' | 'EvcoID' | 'OperatorID' | 'ProviderID' | 'UID' | 'SessionID';
  readonly grammar: string;
  /** What all spellings of it have in common. */
  readonly key: string;
  /** Whether the pattern OICP publishes accepts it as it stands. */
  readonly conformant: boolean;
  readonly checkCharacter?: { readonly expected: string; readonly written: string | null; readonly fits: boolean | null };
  /** What follows from it: whose it is, other forms. */
  readonly facts: Readonly<Record<string, string>>;
  readonly odd: readonly string[];
}

/** Every grammar of OICP §4 that accepts a text, the most telling first. */
export function recogniseId(text: string): readonly IdReading[] {
  return [sessionId(text), uid(text), evseId(text), evcoId(text), partnerId(text, 'OperatorID'), partnerId(text, 'ProviderID')]
    .filter((reading) => reading !== undefined)
    // A conformant reading says more than a tolerated one.
    .sort((one, other) => Number(other.conformant) - Number(one.conformant));
}

function evseId(text: string): IdReading | undefined {
  if (!parseEvseId(text).ok) return undefined;
  const conformant = isStrictEvseId(text);
  const iso = /^[A-Za-z]/.test(text.trim());
  const operator = operatorPrefixOf(text);
  return {
    kind: 'EvseID', grammar: iso ? 'ISO 15118' : 'DIN SPEC 91286', key: evseKey(text), conformant,
    facts: { ...(operator !== undefined && { 'operator of the prefix': `${operator} (not necessarily the operator of the record)` }) },
    odd: [
      ...blanks(text),
      ...(conformant || text !== text.trim() ? [] : ['conformant only in upper case (E-17); send it back as it came']),
      ...(/\*\*|\*$/.test(text) ? ['empty parts between separators'] : []),
    ],
  };
}

function evcoId(text: string): IdReading | undefined {
  if (!parseEvcoId(text).ok) return undefined;
  const key = evcoKey(text);
  const iso = key.length === 14;
  const bare = text.trim().toUpperCase().replaceAll(/[*-]/g, '');
  const written = bare.slice(key.length);
  const expected = evcoCheckDigit(text);
  const check = evcoCheck(text);
  const din = dinFormOf(text);
  return {
    kind: 'EvcoID', grammar: iso ? 'ISO 15118 (EMAID)' : 'DIN SPEC 91286', key, conformant: isStrictEvcoId(text),
    ...(expected !== undefined && {
      checkCharacter: { expected, written: written === '' ? null : written, fits: check === 'absent' ? null : check === 'fits' },
    }),
    facts: { provider: providerOfEvcoId(text), ...(din !== undefined && { 'made from the DIN form': din }) },
    odd: [...blanks(text), ...evcoOddities(text, { iso, bare, check })],
  };
}

function evcoOddities(text: string, { iso, bare, check }: { readonly iso: boolean; readonly bare: string; readonly check: 'fits' | 'differs' | 'absent' }): string[] {
  const id = text.trim();
  return [
    ...(check === 'absent' ? [`no check character: OICP's pattern demands one, ${iso ? 'Plug & Charge sends none' : 'others leave it out'} (E-18)`] : []),
    ...(check === 'differs' ? ['the check character does not fit: probably a slip of the pen, but OICP does not check it, and no driver is refused for it'] : []),
    ...(iso && id.includes('*') ? ["the ISO form is separated by -, not by * (E-18)"] : []),
    ...(iso && bare[5] !== 'C' ? ['the instance does not begin with C'] : []),
    ...(iso && bare[5] === 'C' && /^.{5}c/.test(id.replaceAll(/[*-]/g, '')) ? ['the C of the instance is in lower case: the published pattern wants it in upper case'] : []),
    ...(!iso && id.endsWith('x') ? ['the check digit X is in lower case: the published pattern wants it in upper case (E-18)'] : []),
  ];
}

function uid(text: string): IdReading | undefined {
  const read = parseUid(text);
  if (!read.ok) return undefined;
  const key = read.value;
  const bytes = key.length / 2;
  const reversed = reversedUid(key);
  return {
    kind: 'UID', grammar: `${bytes} bytes`, key, conformant: text === key,
    facts: { reversed: `${reversed} (the same card, if a reader swapped the byte order)` },
    odd: [
      ...blanks(text),
      ...(/[ :.-]/.test(text.trim()) ? ['separators: OICP wants the digits alone (E-19)'] : []),
      ...(/[a-f]/.test(text) ? ['lower case: OICP wants upper case, and HBS refuses the other (E-19)'] : []),
      ...(bytes === 4 && key.startsWith('08') ? ['4 bytes that begin with 08 are random, another at each tap: no card can be known by them'] : []),
      ...(bytes === 7 && !key.startsWith('04') && reversed.startsWith('04')
        ? ['ends with 04, with which most cards of 7 bytes begin: the byte order is probably reversed'] : []),
    ],
  };
}

function sessionId(text: string): IdReading | undefined {
  const read = parseSessionId(text);
  if (!read.ok) return undefined;
  const hexadecimal = /^[0-9A-Fa-f-]+$/.test(read.value);
  return {
    kind: 'SessionID', grammar: hexadecimal ? 'a GUID' : 'of the form of a GUID', key: read.value, conformant: text === read.value, facts: {},
    odd: [...blanks(text), ...(hexadecimal ? [] : ['not hexadecimal: the pattern allows it, a column of type uuid does not; store it as text'])],
  };
}

function partnerId(text: string, kind: 'OperatorID' | 'ProviderID'): IdReading | undefined {
  const read = kind === 'OperatorID' ? parseOperatorId(text) : parseProviderId(text);
  if (!read.ok) return undefined;
  const din = /^\+?[0-9]/.test(read.value);
  const key = kind === 'OperatorID' ? operatorKey(text) : providerKey(text);
  return {
    kind, grammar: din ? 'DIN SPEC 91286' : 'ISO 15118', key, conformant: text === read.value, facts: {},
    odd: [...blanks(text), ...(/[a-z]/.test(text) ? ['lower case: legal here, but most write it in upper case; compare by the key'] : [])],
  };
}

const blanks = (text: string): string[] => (text === text.trim() ? [] : ['blanks around it']);

/** Why a text is no id of any grammar, as far as that can be said. */
export function whyNoId(text: string): readonly string[] {
  const id = text.trim();
  const hex = id.replaceAll(/[ :.-]/g, '');
  return [
    ...(id.includes('|') ? ['a | separates nothing: the published patterns let it through by a mistake in their brackets (E-18), we do not'] : []),
    ...(id === '*' ? ['* stands for all providers, in the pricing pulls only (E-42)'] : []),
    ...(/^[0-9A-Fa-f]+$/.test(hex) && /\d/.test(hex) ? [`as a UID it has ${hex.length} digits; 8, 14 or 20 are expected`] : []),
    ...(/^[0-9A-Za-z]{8}$|^[0-9A-Za-z]{14}$|^[0-9A-Za-z]{20}$/.test(hex) && !/^[0-9A-Fa-f]+$/.test(hex) ? ['as a UID it has letters beyond F'] : []),
    ...(/^[A-Za-z]{2}\*?[A-Za-z0-9]{3}\*?[A-DF-Za-df-z0-9]/.test(id) && id.includes('*') ? ['as an EvseID it lacks the E after the operator'] : []),
    ...(/^[A-Za-z]{2}\*?[A-Za-z0-9]{3}\*?P[A-Za-z0-9*]{1,30}$/.test(id) ? ['it may be a ChargingPoolID'] : []),
  ];
}
