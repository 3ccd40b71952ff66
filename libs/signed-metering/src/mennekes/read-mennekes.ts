import { parseOffsetDateTime } from '@emp/kernel';
import { edlContent } from '../edl40/edl-content.ts';
import { writeEdlBlock } from '../edl40/edl-fields.ts';
import { EDL_VALUE } from '../edl40/read-edl-sml.ts';
import { fromHex, withoutBlanks } from '../encoding/hex.ts';
import { billingFinding, type MeteringFinding } from '../finding.ts';
import type { MeteringRecord } from '../record.ts';
import { accepted, malformed, type Outcome } from '../rejection.ts';
import { childNamed, childText, descendantsNamed, type XmlElement } from '../xml/xml-element.ts';

/** Reads a Mennekes `ChargingProcess`: two EDL40 blocks, begin and end, each rebuilt from its fields and signed. */
export function readMennekes(process: XmlElement): Outcome<MeteringRecord> {
  const begin = measurement(process, 'MeasurementStart');
  const end = measurement(process, 'MeasurementEnd');
  const beginContent = begin && edlContent(begin.block, 'begin');
  const endContent = end && edlContent(end.block, 'end');
  if (!begin || !end || !beginContent || !endContent)
    return malformed('the charging process lacks a field of its measurements');
  return accepted({
    format: 'EDL_40_MENNEKES',
    formatName: 'EDL40 (Mennekes)',
    blocks: [
      { name: 'begin', bytes: begin.block, signature: begin.signature, encoding: 'raw' },
      { name: 'end', bytes: end.block, signature: end.signature, encoding: 'raw' },
    ],
    curves: ['secp192r1'],
    curveIsDefault: false,
    embeddedKey: childText(process, 'PublicKey'),
    meterId: beginContent.meterId,
    chargePointId: childText(process, 'MeteringPoint'),
    user: beginContent.user,
    pagination: [...beginContent.pagination, ...endContent.pagination],
    logbook: [...beginContent.logbook, ...endContent.logbook],
    readings: [...beginContent.readings, ...endContent.readings],
    findings: eventFindings(process),
  });
}

interface Measurement {
  readonly block: Uint8Array;
  /** r‖s. */
  readonly signature: Uint8Array;
}

function measurement(process: XmlElement, name: string): Measurement | undefined {
  const element = childNamed(process, name);
  if (element === undefined) return undefined;
  const numbers = ['Value', 'Scaler', 'Pagination', 'SecondIndex', 'MeterStatus', 'EventCounter'].map((field) =>
    integerIn(element, field),
  );
  const [value, scaler, pagination, secondIndex, status, events] = numbers;
  const seconds = localSeconds(childText(element, 'Timestamp'));
  const contractSeconds = localSeconds(
    childText(element, 'TimestampCustomerIdent') ?? childText(process, 'TimestampCustomerIdent'),
  );
  const serverId = hexIn(process, 'ServerId');
  const contract = hexIn(process, 'CustomerIdent') ?? new Uint8Array();
  const signature = hexIn(element, 'Signature');
  const register = fromHex(EDL_VALUE);
  if (
    value === undefined ||
    scaler === undefined ||
    pagination === undefined ||
    secondIndex === undefined ||
    status === undefined ||
    seconds === undefined ||
    contractSeconds === undefined ||
    serverId?.length !== 10 ||
    contract.length > 128 ||
    register === undefined ||
    !signature ||
    (signature.length !== 48 && signature.length !== 50)
  )
    return undefined;
  const counter = events ?? 0n;
  const logbook =
    signature.length > 48
      ? signature.subarray(48)
      : Uint8Array.of(Number((counter >> 8n) & 0xffn), Number(counter & 0xffn));
  const block = writeEdlBlock({
    serverId,
    localSeconds: seconds,
    status: Number(status & 0xffn),
    secondIndex,
    pagination,
    register,
    unit: 30,
    scaler: Number(scaler),
    value,
    logbook,
    contract,
    contractLocalSeconds: contractSeconds,
    historicalValue: 0n,
    compensatedValue: 0n,
    lineResistance: 0n,
    stopwatch: 0n,
    price: 0n,
  });
  return { block, signature: signature.subarray(0, 48) };
}

function integerIn(element: XmlElement, name: string): bigint | undefined {
  const text = childText(element, name);
  return text !== undefined && /^-?\d{1,18}$/.test(text) ? BigInt(text) : undefined;
}

const hexIn = (element: XmlElement, name: string): Uint8Array | undefined =>
  fromHex(withoutBlanks(childText(element, name) ?? ''));

/** The meter signs its clock face: the instant plus the offset it is written with. */
function localSeconds(text: string | undefined): bigint | undefined {
  const time = parseOffsetDateTime(text ?? '');
  return time.ok ? BigInt(Math.floor(time.value.epochMillis / 1000) + 60 * (time.value.offsetMinutes ?? 0)) : undefined;
}

/** An entry means that a clock was set or an event happened during charging. An empty template is no entry. */
function eventFindings(process: XmlElement): readonly MeteringFinding[] {
  const entries = descendantsNamed(process, 'EventLogItem').filter((item) =>
    item.children.some((child) => child.text.trim() !== ''),
  );
  return entries.length === 0
    ? []
    : [
        billingFinding(
          'event-during-session',
          'warning',
          'time',
          `the meter's log names ${entries.length} event(s) during the session`,
        ),
      ];
}
