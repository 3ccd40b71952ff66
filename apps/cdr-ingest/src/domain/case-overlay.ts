import { granted, parseOffsetDateTime, refused, type Decision, type OffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { parseEvseId } from '@emp/oicp';
import type { CdrFacts } from './cdr-facts.ts';

/** Members of a record that a person may correct, each as a text; `null` = the record does not say. */
export type Overlay = Readonly<Partial<Record<OverlayMember, string | null>>>;
export type OverlayMember = (typeof OVERLAY_MEMBERS)[number];
export const OVERLAY_MEMBERS = [
  'energyKwh', 'meterStartKwh', 'meterEndKwh', 'sessionStart', 'sessionEnd', 'chargingStart', 'chargingEnd', 'evseId',
  'partnerProductId', 'contractRef',
] as const;

/** Without these nothing can be billed: they can be replaced, not taken away. */
const NEVER_ABSENT: ReadonlySet<OverlayMember> = new Set([
  'energyKwh', 'sessionStart', 'sessionEnd', 'evseId', 'contractRef',
]);

export interface OverlayFlaw {
  readonly pointer: string;
  readonly detail: string;
}

/** All that is wrong with corrected members. Whether the contract exists, only the database knows. */
export function overlayFlaws(overlay: Overlay): readonly OverlayFlaw[] {
  return OVERLAY_MEMBERS.flatMap((member) => {
    const text = overlay[member];
    if (text === undefined) return [];
    const read = text === null ? absent(member) : readMember(member, text);
    return read.ok ? [] : [{ pointer: `/members/${member}`, detail: read.refusal.detail }];
  });
}

/** The facts as they are with what a person corrected. @param overlay has no flaws. */
export function overlaid(facts: CdrFacts, overlay: Overlay): CdrFacts {
  const { energyKwh, meterStartKwh, meterEndKwh, sessionStart, sessionEnd, chargingStart, chargingEnd } = overlay;
  return {
    ...facts,
    ...(energyKwh === undefined ? {} : { consumedEnergyKwh: decimalOf(energyKwh) }),
    ...(meterStartKwh === undefined ? {} : { meterStartKwh: decimalOf(meterStartKwh) }),
    ...(meterEndKwh === undefined ? {} : { meterEndKwh: decimalOf(meterEndKwh) }),
    ...(sessionStart === undefined ? {} : { sessionStart: instantOf(sessionStart) }),
    ...(sessionEnd === undefined ? {} : { sessionEnd: instantOf(sessionEnd) }),
    ...(chargingStart === undefined ? {} : { chargingStart: instantOf(chargingStart) }),
    ...(chargingEnd === undefined ? {} : { chargingEnd: instantOf(chargingEnd) }),
    ...(overlay.evseId === undefined ? {} : { evseId: overlay.evseId }),
    ...(overlay.partnerProductId === undefined ? {} : { partnerProductId: overlay.partnerProductId }),
  };
}

function absent(member: OverlayMember): Decision<null> {
  return NEVER_ABSENT.has(member) ? refused('not-absent', 'cannot be taken away, only replaced') : granted(null);
}

function readMember(member: OverlayMember, text: string): Decision<unknown> {
  switch (member) {
    case 'energyKwh':
    case 'meterStartKwh':
    case 'meterEndKwh': {
      const read = Decimal.tryParse(text);
      return read && !read.isNegative() ? granted(read)
        : refused('not-an-energy', 'must be a decimal, kWh, not negative');
    }
    case 'sessionStart':
    case 'sessionEnd':
    case 'chargingStart':
    case 'chargingEnd': {
      const read = parseOffsetDateTime(text);
      return read.ok && read.value.offsetMinutes !== null ? read
        : refused('not-an-instant', 'must be an ISO 8601 date-time with its offset, such as 2026-05-01T10:00:00+02:00');
    }
    case 'evseId':
      return parseEvseId(text);
    case 'partnerProductId':
    case 'contractRef':
      return text.trim() === '' ? refused('empty', 'must not be empty') : granted(text);
  }
}

const decimalOf = (text: string | null): Decimal | null => (text === null ? null : Decimal.parse(text));

function instantOf(text: string | null): OffsetDateTime | null {
  const read = text === null ? null : parseOffsetDateTime(text);
  return read?.ok === true ? read.value : null;
}
