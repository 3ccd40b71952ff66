import type { CdrReceivedData, EmpEvent } from '@emp/events';
import { parseOffsetDateTime, type OffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { evcoKey, identificationOf, parseUid, readOicp, type Finding, type OicpMessages } from '@emp/oicp';
import type { Vault } from '@emp/vault';
import type { RecordDetails } from '../cdrs/cdr-row.ts';
import { identifyRecord, type RecordIdentity } from '../cdrs/record-identity.ts';
import { storable } from '../cdrs/storable.ts';
import type { CdrFacts } from '../domain/cdr-facts.ts';
import type { CdrFinding } from '../domain/cdr-finding.ts';
import { NOT_SIGNED, type SignedRecord } from '../verify-metering/metering-request.ts';

type ChargeDetailRecord = OicpMessages['ChargeDetailRecord'];

/** A received record, opened and read. */
export interface ReceivedRecord {
  /** Of the event that brought it. */
  readonly eventId: string;
  readonly received: CdrReceivedData;
  readonly identity: RecordIdentity;
  /** `null`: the text is no charge detail record. */
  readonly facts: CdrFacts | null;
  readonly details: RecordDetails | null;
  /** Keyed hash of the card or contract that charged; `null` if the record names none. */
  readonly fingerprint: string | null;
  readonly signed: SignedRecord;
  readonly reading: readonly CdrFinding[];
}

/** What the reader says about relations between members, our own checks say with numbers. */
const CHECKED_BY_US: ReadonlySet<string> = new Set(['energy-differs', 'energy-implausible', 'instants-disordered']);

/** @throws EmpError `vault-…` if the sealed record cannot be opened: then it stays in the log, as a dead letter. */
export function readReceived(vault: Vault, { id: eventId, data: received }: EmpEvent<CdrReceivedData>): ReceivedRecord {
  const text = vault.open(received.sealedRecord);
  const read = readOicp('ChargeDetailRecord', text);
  const identity = identifyRecord(vault, text, received.sessionId);
  const reading = read.findings.filter(({ code }) => !CHECKED_BY_US.has(code)).map(asCdrFinding);
  if (!read.ok || !identity.namesSession) {
    return { eventId, received, identity, reading, facts: null, details: null, fingerprint: null, signed: NOT_SIGNED };
  }
  return {
    eventId, received, identity, reading, signed: signedOf(read.message),
    facts: factsOf(read.message), details: detailsOf(read.message), fingerprint: fingerprintOf(vault, read.message),
  };
}

/** How a message is written never forbids billing; what is missing in it is found by the checks. */
function asCdrFinding({ code, severity, message, pointer, erratum }: Finding): CdrFinding {
  return {
    code, message, pointer, numbers: {}, by: 'reader',
    severity: severity === 'error' ? 'warning' : severity,
    source: erratum === undefined ? 'OICP §8.3' : `OICP §16 ${erratum}`,
  };
}

function factsOf(record: ChargeDetailRecord): CdrFacts {
  return {
    evseId: textOf(record.EvseID)?.trim() || null,
    partnerProductId: textOf(record.PartnerProductID),
    sessionStart: instantOf(record.SessionStart),
    sessionEnd: instantOf(record.SessionEnd),
    chargingStart: instantOf(record.ChargingStart),
    chargingEnd: instantOf(record.ChargingEnd),
    consumedEnergyKwh: decimalOf(record.ConsumedEnergy),
    meterStartKwh: decimalOf(record.MeterValueStart),
    meterEndKwh: decimalOf(record.MeterValueEnd),
    meterInBetweenKwh: (record.MeterValueInBetween?.meterValues ?? []).flatMap((reading) => decimalOf(reading) ?? []),
    identification: identificationOf(record.Identification).kind,
  };
}

function detailsOf(record: ChargeDetailRecord): RecordDetails {
  return {
    meterInBetweenKwh: record.MeterValueInBetween?.meterValues ?? [],
    signedValues: record.SignedMeteringValues?.length ?? 0,
    cpoPartnerSessionId: textOf(record.CPOPartnerSessionID),
    empPartnerSessionId: textOf(record.EMPPartnerSessionID),
    hubOperatorId: textOf(record.HubOperatorID),
    hubProviderId: textOf(record.HubProviderID),
  };
}

/** The signed values of a stored text, to be verified once more. */
export function readSigned(text: string): SignedRecord {
  const read = readOicp('ChargeDetailRecord', text);
  return read.ok ? signedOf(read.message) : NOT_SIGNED;
}

function signedOf({ SignedMeteringValues: values, CalibrationLawVerificationInfo: info }: ChargeDetailRecord): SignedRecord {
  return {
    values: (values ?? []).flatMap(({ SignedMeteringValue: value }) => value ?? []),
    publicKey: info?.PublicKey ?? null, encodingFormat: info?.MeteringSignatureEncodingFormat ?? null,
  };
}

function fingerprintOf(vault: Vault, record: ChargeDetailRecord): string | null {
  const identification = identificationOf(record.Identification);
  switch (identification.kind) {
    case 'rfid': {
      const uid = parseUid(identification.uid);
      return uid.ok ? vault.fingerprint('uid', uid.value) : null;
    }
    case 'qr':
    case 'plug-and-charge':
    case 'remote':
      return vault.fingerprint('evco', evcoKey(identification.evcoId));
    case 'none':
      return null;
  }
}

const textOf = (text: string | undefined): string | null => (text === undefined ? null : storable(text));

/** Four digits are a year; an offset can carry the last hours of 9999 beyond. */
const END_OF_TIME = Date.UTC(10_000, 0);

function instantOf(text: string | undefined): OffsetDateTime | null {
  if (text === undefined) return null;
  const read = parseOffsetDateTime(text);
  return read.ok && read.value.epochMillis < END_OF_TIME ? read.value : null;
}

function decimalOf(text: string | undefined): Decimal | null {
  return text === undefined ? null : Decimal.tryParse(text) ?? null;
}
