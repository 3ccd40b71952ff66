import type { Decimal } from '@emp/money';
import { completenessFinding, type MeteringFinding } from '../finding.ts';
import type { MeterReading } from '../reading.ts';
import type { RegisterKind } from '../register.ts';

/** The readings of one register that make a session. */
export interface RegisterPair {
  readonly begin: MeterReading;
  readonly end: MeterReading;
  /** Exact; negative when the register ran backwards. */
  readonly energyKwh: Decimal;
}

export interface Pairing {
  readonly pair: RegisterPair | undefined;
  readonly findings: readonly MeteringFinding[];
}

/**
 * Pairs begin and end per register and chooses the one that is billed: import only, compensated for cable losses before
 * uncompensated, of the transaction before total (OCMF 1.4, OBIS table). Registers without a known code count only when
 * there is no other.
 */
export function pairRegisters(readings: readonly MeterReading[]): Pairing {
  const imports = registersOf(readings, 'import');
  const chosen = imports.length > 0 ? imports : registersOf(readings, 'unspecified');
  const pairs = chosen.map(pairOf).sort((one, other) => preferenceOf(other) - preferenceOf(one));
  const [best] = pairs;
  if (best === undefined) return { pair: undefined, findings: [NO_READING] };
  const complete = pairs.find(({ pair }) => pair !== undefined);
  if (complete === undefined) return best;
  const unspecified = imports.length === 0 ? [UNSPECIFIED] : [];
  const incomplete = pairs.some(({ pair }) => pair === undefined) ? [INCOMPLETE] : [];
  return { pair: complete.pair, findings: [...complete.findings, ...unspecified, ...incomplete] };
}

const NO_READING = completenessFinding('energy-missing', 'error', 'no reading of imported energy');
const UNSPECIFIED = completenessFinding(
  'register-unspecified',
  'warning',
  'the register that was read is not named by a known code',
);
const INCOMPLETE = completenessFinding(
  'register-unpaired',
  'warning',
  'another register was read only at the begin or only at the end',
);

interface RegisterPairing extends Pairing {
  readonly readings: readonly MeterReading[];
}

const preferenceOf = ({ readings }: RegisterPairing): number => readings[0]?.register.preference ?? 0;

/** Readings at begin and end, by register, in order of appearance. */
function registersOf(readings: readonly MeterReading[], kind: RegisterKind): readonly (readonly MeterReading[])[] {
  const registers = new Map<string, MeterReading[]>();
  for (const reading of readings) {
    if (reading.register.kind !== kind || reading.energyKwh === undefined) continue;
    if (reading.purpose !== 'begin' && reading.purpose !== 'end') continue;
    const known = registers.get(reading.register.key);
    if (known) known.push(reading);
    else registers.set(reading.register.key, [reading]);
  }
  return [...registers.values()];
}

function pairOf(readings: readonly MeterReading[]): RegisterPairing {
  const begins = distinct(readings.filter(({ purpose }) => purpose === 'begin'));
  const ends = distinct(readings.filter(({ purpose }) => purpose === 'end'));
  const [begin] = begins;
  const [end] = ends;
  const findings: (MeteringFinding | false)[] = [
    begins.length === 0 &&
      completenessFinding('begin-missing', 'error', 'the reading at the begin of the session is missing'),
    ends.length === 0 &&
      completenessFinding('end-missing', 'error', 'the reading at the end of the session is missing'),
    begins.length > 1 &&
      completenessFinding('several-begins', 'error', `${begins.length} different readings call themselves the begin`),
    ends.length > 1 &&
      completenessFinding('several-ends', 'error', `${ends.length} different readings call themselves the end`),
  ];
  const found = findings.filter((finding) => finding !== false);
  if (found.length > 0 || !begin?.energyKwh || !end?.energyKwh) return { readings, pair: undefined, findings: found };
  return { readings, pair: { begin, end, energyKwh: end.energyKwh.minus(begin.energyKwh) }, findings: [] };
}

/** The same reading may be sent again, in another record of the session or as a copy. */
function distinct(readings: readonly MeterReading[]): readonly MeterReading[] {
  return readings.filter((reading, index) => readings.findIndex((other) => isSameReading(reading, other)) === index);
}

/** The same purpose, register, instant and energy. */
export const isSameReading = (one: MeterReading, other: MeterReading): boolean =>
  one.purpose === other.purpose &&
  one.register.key === other.register.key &&
  one.time?.wallMillis === other.time?.wallMillis &&
  one.energyKwh !== undefined &&
  other.energyKwh !== undefined &&
  one.energyKwh.equals(other.energyKwh);
