import type { Cdr, Prisma } from '@emp/prisma-cdr-ingest';
import type { MeteringView } from '../verify-metering/metering-view.ts';

/** A record in a list. No view shows what the identification was, only of which kind. */
export interface CdrLineView {
  readonly id: string;
  readonly sessionId: string;
  readonly version: number;
  readonly state: string;
  readonly readable: boolean;
  readonly origin: string;
  readonly receivedAt: string;
  readonly providerId: string;
  readonly operatorId: string | null;
  readonly evseId: string | null;
  readonly contractRef: string | null;
  readonly sessionStart: string | null;
  readonly sessionEnd: string | null;
  /** kWh, decimal text. */
  readonly energyKwh: string | null;
  /** Codes of the findings. */
  readonly findings: readonly string[];
}

export interface CdrVersionView {
  readonly version: number;
  readonly state: string;
  readonly readable: boolean;
  readonly origin: string;
  readonly page: string | null;
  readonly processId: string | null;
  readonly receivedAt: string;
  readonly byteHash: string;
  readonly energyKwh: string | null;
  /** JSON pointers of the members in which it differs from the leading version. */
  readonly differingMembers: Prisma.JsonValue;
  readonly findings: Prisma.JsonValue;
}

export interface CdrDetailView {
  readonly sessionId: string;
  readonly state: string;
  readonly version: number;
  readonly providerId: string;
  readonly operatorId: string | null;
  readonly contractRef: string | null;
  /** How the contract was found: it authorized the session, or the identification is one of its. */
  readonly matchedBy: string | null;
  readonly identification: string;
  readonly evseId: string | null;
  readonly partnerProductId: string | null;
  readonly sessionStart: string | null;
  readonly sessionEnd: string | null;
  readonly chargingStart: string | null;
  readonly chargingEnd: string | null;
  readonly energyKwh: string | null;
  readonly consumedEnergyKwh: string | null;
  readonly meterStartKwh: string | null;
  readonly meterEndKwh: string | null;
  readonly meterInBetweenKwh: Prisma.JsonValue;
  readonly signedValues: number;
  readonly cpoPartnerSessionId: string | null;
  readonly empPartnerSessionId: string | null;
  readonly hubOperatorId: string | null;
  readonly hubProviderId: string | null;
  readonly decidedAt: string;
  readonly findings: Prisma.JsonValue;
  readonly signedMetering: MeteringView;
  /** Every content that came for the session, in the order of arrival. */
  readonly versions: readonly CdrVersionView[];
}

export function lineView(cdr: Cdr): CdrLineView {
  const { id, sessionId, version, state, readable, origin, providerId, operatorId, evseId, contractRef } = cdr;
  const { sessionStart, sessionEnd } = cdr;
  return {
    id, sessionId, version, state, readable, origin, receivedAt: cdr.receivedAt.toISOString(), providerId, operatorId,
    evseId, contractRef, sessionStart, sessionEnd, energyKwh: kWh(cdr.energyKwh), findings: codesOf(cdr.findings),
  };
}

export function detailView(leading: Cdr, versions: readonly Cdr[], signedMetering: MeteringView): CdrDetailView {
  const {
    sessionId, state, version, providerId, operatorId, contractRef, matchedBy, identification, evseId, partnerProductId,
    sessionStart, sessionEnd, chargingStart, chargingEnd, meterInBetweenKwh, signedValues, cpoPartnerSessionId,
    empPartnerSessionId, hubOperatorId, hubProviderId, findings,
  } = leading;
  return {
    sessionId, state, version, providerId, operatorId, contractRef, matchedBy, identification, evseId, partnerProductId,
    sessionStart, sessionEnd, chargingStart, chargingEnd,
    energyKwh: kWh(leading.energyKwh), consumedEnergyKwh: kWh(leading.consumedEnergyKwh),
    meterStartKwh: kWh(leading.meterStartKwh), meterEndKwh: kWh(leading.meterEndKwh), meterInBetweenKwh, signedValues,
    cpoPartnerSessionId, empPartnerSessionId, hubOperatorId, hubProviderId,
    decidedAt: leading.decidedAt.toISOString(), findings, signedMetering, versions: versions.map(versionView),
  };
}

function versionView(cdr: Cdr): CdrVersionView {
  const { version, state, readable, origin, page, processId, byteHash, differingMembers, findings } = cdr;
  return {
    version, state, readable, origin, page, processId, receivedAt: cdr.receivedAt.toISOString(), byteHash,
    energyKwh: kWh(cdr.energyKwh), differingMembers, findings,
  };
}

/** Plain digits, never an exponent. */
const kWh = (energy: Prisma.Decimal | null): string | null => energy?.toFixed() ?? null;

function codesOf(findings: Prisma.JsonValue): readonly string[] {
  const codes = Array.isArray(findings) ? findings.flatMap((one) => (isFinding(one) ? [String(one['code'])] : [])) : [];
  return [...new Set(codes)];
}

const isFinding = (value: Prisma.JsonValue): value is Prisma.JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
