import { toHex } from './encoding/hex.ts';

/** What a register counts, by its OBIS code. Export is never added to import. */
export type RegisterKind = 'import' | 'export' | 'unspecified' | 'other';

export interface Register {
  /** As written in the record. */
  readonly text: string;
  /** Equal for the same register in other spellings. */
  readonly key: string;
  readonly kind: RegisterKind;
  /** Losses of the cable are deducted already. */
  readonly compensated: boolean;
  /** Which register is billed when several count the import: higher first. */
  readonly preference: number;
}

/** `A-B:C.D.E*F` in the spellings of the field; B may be the letter `b`, F may be written `.FF`. All groups are hex. */
const OBIS =
  /^([0-9a-f]{1,2})-([0-9a-f]{1,2}):([0-9a-f]{1,2})\.([0-9a-f]{1,2})(?:\.([0-9a-f]{1,2})(?:[*.&]([0-9a-f]{1,3}))?)?$/i;

/** Group C of registers that count energy, OCMF 1.4 and before: kind, loss compensation, order of preference. */
const ENERGY: ReadonlyMap<number, readonly [RegisterKind, boolean, number]> = new Map([
  [0xb3, ['import', true, 6]],
  [0xb1, ['import', true, 5]],
  [0xb2, ['import', false, 4]],
  [0xb0, ['import', false, 3]],
  [0x98, ['import', true, 2]],
  [0x9e, ['import', false, 2]],
  [0x01, ['import', false, 1]],
  [0x02, ['export', false, 0]],
  [0xc0, ['export', false, 0]],
  [0xc1, ['export', true, 0]],
  [0xc2, ['export', false, 0]],
  [0xc3, ['export', true, 0]],
]);

const named = (text: string, key: string, kind: RegisterKind): Register => ({
  text,
  key,
  kind,
  compensated: false,
  preference: 0,
});

/**
 * Classifies an OBIS code written as text. Absent or unreadable codes are `unspecified`: nobody says they are energy
 * import.
 */
export function registerOfText(text: string | undefined): Register {
  const written = text?.trim() ?? '';
  const match = OBIS.exec(written);
  if (!match) return named(written, written.toLowerCase(), 'unspecified');
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = match.slice(1, 6).map((group) => parseInt(group ?? '0', 16));
  const storage = (match[6] ?? '255').toLowerCase();
  const key = [a, b, c, d, e, storage === '255' ? 'ff' : storage].join('.');
  const energy = a === 1 && d === 8 ? ENERGY.get(c) : undefined;
  if (energy === undefined) return named(written, key, 'other');
  const [kind, compensated, preference] = energy;
  return { text: written, key, kind, compensated, preference };
}

/** Classifies a binary OBIS code of EDL meters: 1.17.0 is the signed import register, 1.8.0 the plain one. */
export function registerOfBytes(code: Uint8Array): Register {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = code;
  const counts = a === 1 && c === 1 && (d === 17 || d === 8);
  return {
    text: `${a}-${b}:${c}.${d}.${e}*${f}`,
    key: toHex(code),
    kind: counts ? 'import' : 'other',
    compensated: f === 200,
    preference: counts ? (f === 200 ? 2 : 1) : 0,
  };
}
