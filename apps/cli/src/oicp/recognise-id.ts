import {
  evseKey, isStrictEvseId, operatorKey, operatorPrefixOf, parseEvseId, parseOperatorId, parseProviderId,
  parseSessionId, parseUid, providerKey, reversedUid,
} from '@emp/oicp';
import { readEvcoId } from './evco-id-reading.ts';
import { blanksAround, remarks, type IdReading } from './id-reading.ts';

const GRAMMARS = [readSessionId, readUid, readEvseId, readEvcoId, readOperatorId, readProviderId];

/** Every grammar of OICP §4 that accepts a text, the most telling first: the conformant before the tolerated. */
export function recogniseId(text: string): readonly IdReading[] {
  const readings = GRAMMARS.map((read) => read(text)).filter((reading) => reading !== undefined);
  return readings.sort((one, other) => Number(other.conformant) - Number(one.conformant));
}

const ISO = 'ISO 15118';
const DIN = 'DIN SPEC 91286';

function readEvseId(text: string): IdReading | undefined {
  if (!parseEvseId(text).ok) return undefined;
  const id = text.trim();
  return {
    kind: 'EvseID',
    grammar: /^[A-Za-z]/.test(id) ? ISO : DIN,
    key: evseKey(text),
    conformant: isStrictEvseId(text),
    facts: { 'operator of the prefix': `${operatorPrefixOf(text) ?? '–'} (not always the operator of the record)` },
    odd: remarks(
      blanksAround(text),
      [!isStrictEvseId(id), 'conformant only in upper case (E-17); send it back as it came'],
      [/\*\*|\*$/.test(id), 'empty parts between separators'],
    ),
  };
}

function readUid(text: string): IdReading | undefined {
  const read = parseUid(text);
  if (!read.ok) return undefined;
  const key = read.value;
  const bytes = key.length / 2;
  const reversed = reversedUid(key);
  return {
    kind: 'UID',
    grammar: `${bytes} bytes`,
    key,
    conformant: text === key,
    facts: { reversed: `${reversed} (the same card, if a reader swapped the byte order)` },
    odd: remarks(
      blanksAround(text),
      [/[ :.-]/.test(text.trim()), 'separators: OICP wants the digits alone (E-19)'],
      [/[a-f]/.test(text), 'lower case: OICP wants upper case, and HBS refuses the other (E-19)'],
      [bytes === 4 && key.startsWith('08'), '4 bytes that begin with 08 are random, others at each tap'],
      [bytes === 7 && !key.startsWith('04') && reversed.startsWith('04'),
        'ends with 04, with which most cards of 7 bytes begin: the byte order is probably reversed'],
    ),
  };
}

function readSessionId(text: string): IdReading | undefined {
  const read = parseSessionId(text);
  if (!read.ok) return undefined;
  const hexadecimal = /^[0-9A-Fa-f-]+$/.test(read.value);
  return {
    kind: 'SessionID',
    grammar: hexadecimal ? 'a GUID' : 'of the form of a GUID',
    key: read.value,
    conformant: text === read.value,
    facts: {},
    odd: remarks(
      blanksAround(text),
      [!hexadecimal, 'not hexadecimal: the pattern allows it, a column of type uuid does not; store it as text'],
    ),
  };
}

function readOperatorId(text: string): IdReading | undefined {
  const read = parseOperatorId(text);
  return read.ok ? partner('OperatorID', text, operatorKey(text)) : undefined;
}

function readProviderId(text: string): IdReading | undefined {
  const read = parseProviderId(text);
  return read.ok ? partner('ProviderID', text, providerKey(text)) : undefined;
}

function partner(kind: 'OperatorID' | 'ProviderID', text: string, key: string): IdReading {
  return {
    kind,
    grammar: /^[A-Z]/.test(key) ? ISO : DIN,
    key,
    conformant: text === text.trim(),
    facts: {},
    odd: remarks(blanksAround(text), [/[a-z]/.test(text), 'lower case: legal here, yet rare; compare by the key']),
  };
}
