import { unique } from './finding.ts';
import type { JudgedValue } from './judge-leaf.ts';
import { pairRegisters } from './session/pair-registers.ts';
import type { SignedValueVerdict, UsedKey } from './verdict.ts';

/**
 * What the caller sees of a judged value. Readings of an invalid value are not shown: somebody may have written them.
 */
export function valueVerdict(judged: JudgedValue, hint?: string): SignedValueVerdict {
  const { leaf, record, rejection, hashed } = judged;
  const trusted = rejection?.integrity !== 'invalid';
  const readings = trusted ? (record?.readings ?? []) : [];
  const { pair } = pairRegisters(readings);
  const single = readings.length > 0 && pair === undefined ? readings : [];
  return {
    format: record?.format,
    formatName: record?.formatName ?? (leaf.value.ok ? leaf.value.value.format : unknownName(hint)),
    integrity: rejection?.integrity ?? 'valid',
    code: rejection?.code ?? 'signed',
    why: rejection?.message ?? 'the key signed these bytes',
    curve: judged.key?.curve ?? (record?.curves.length === 1 ? record.curves[0] : undefined),
    key: usedKey(judged),
    hashed,
    signedEnergyKwh: pair?.energyKwh,
    begin: pair?.begin.time ?? single.find(({ purpose }) => purpose === 'begin')?.time,
    end: pair?.end.time ?? single.find(({ purpose }) => purpose === 'end')?.time,
    readings,
    meterId: record?.meterId,
    chargePointId: record?.chargePointId,
    pagination:
      record?.pagination.map(({ context, number }) => (context.length === 1 ? `${context}${number}` : `${number}`)) ??
      [],
    checked: checksOf(judged),
    unwrapped: leaf.path,
    findings: unique([...judged.findings, ...readings.flatMap((reading) => reading.findings)]),
  };
}

const unknownName = (hint: string | undefined): string =>
  hint === undefined || hint.trim() === ''
    ? 'unknown'
    : `unknown, announced as ${hint.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 50)}`;

export function usedKey({ key }: JudgedValue): UsedKey | undefined {
  if (key === undefined) return undefined;
  const { source, curve, spki, fingerprint } = key;
  return { source, curve, spki, fingerprint };
}

function checksOf({ leaf, record, key, signed, hashed }: JudgedValue): readonly string[] {
  if (record === undefined) return [];
  const read = [
    ...leaf.path.map((step) => `unwrapped from ${step}`),
    `read as ${record.formatName} with ${record.readings.length} readings`,
  ];
  if (key === undefined) return read;
  const outcome = signed ? 'signed by this key' : 'not all signed by this key';
  return [
    ...read,
    `the key is a point of ${key.curve}`,
    ...hashed.map(({ name, length, sha256 }) => `SHA-256 of the ${length} signed bytes of the ${name}: ${sha256}`),
    `ECDSA on ${key.curve}: ${outcome}`,
    ...(record.embeddedKey === undefined ? [] : ['the key inside the record compared with the one that verifies it']),
  ];
}
