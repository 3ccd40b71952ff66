import { verifySession, type SessionVerdict, type SignedValueVerdict } from '@emp/signed-metering';
import {
  NO_SIGNED_VALUES, type MeteredValue, type MeteringOutcome, type VerifyingKey,
} from '../domain/metering-outcome.ts';
import { compareWithBilled } from './compare-with-billed.ts';
import type { MeteringRequest } from './metering-request.ts';

/** At most ten: Start, up to eight of Progress, End (OICP §12). More are not worth a verifier's time. */
const MOST_VALUES = 10;

/** Verifies the signed values of one record and compares them with what it bills. Never throws, whatever the values. */
export function verifyMetering(request: MeteringRequest): MeteringOutcome {
  const values = request.values.filter((value) => value.trim() !== '');
  if (values.length === 0) return NO_SIGNED_VALUES;
  if (values.length > MOST_VALUES) {
    return couldNotVerify('too-many-values', `${values.length} signed values, at most ${MOST_VALUES} are allowed`);
  }
  const verdict = verdictWithKeys(values, request);
  const [time, duration] = [verdict.questions.billing.time, verdict.questions.billing.duration];
  return {
    verdict: verdict.verdict, code: verdict.code, reason: verdict.why,
    questions: {
      integrity: verdict.questions.integrity, origin: verdict.questions.origin,
      completeness: verdict.questions.completeness, energy: verdict.questions.billing.energy, duration, time,
    },
    energyKwh: verdict.energyKwh?.toString() ?? null,
    begin: verdict.begin?.text ?? null, end: verdict.end?.text ?? null,
    meterId: onlyOne(verdict.values.map(({ meterId }) => meterId)),
    chargePointId: onlyOne(verdict.values.map(({ chargePointId }) => chargePointId)),
    key: verifyingKey(verdict), keyNotice: null,
    differences: compareWithBilled(verdict, request.billed),
    values: verdict.values.map(meteredValue),
  };
}

/** What is said of values that nobody verified. */
export function couldNotVerify(code: string, reason: string): MeteringOutcome {
  return { ...NO_SIGNED_VALUES, verdict: 'unverifiable', code, reason };
}

/** An exchanged meter leaves two registered keys behind: whichever signed is the station's. */
function verdictWithKeys(values: readonly string[], request: MeteringRequest): SessionVerdict {
  const publicKey = request.publicKey ?? undefined;
  const encodingFormat = request.encodingFormat ?? undefined;
  const verdictWith = (registeredKey?: string): SessionVerdict =>
    verifySession(values, { publicKey, encodingFormat, registeredKey });
  let first: SessionVerdict | undefined;
  for (const key of request.registeredKeys) {
    const verdict = verdictWith(key);
    if (verdict.questions.origin.answer === 'yes') return verdict;
    first ??= verdict;
  }
  return first ?? verdictWith();
}

/** The key of all values, if it signed them. */
function verifyingKey({ values }: SessionVerdict): VerifyingKey | null {
  const keys = values.map(({ integrity, key }) => (integrity === 'valid' ? key : undefined));
  const [key] = keys;
  if (key === undefined || keys.some((other) => other?.fingerprint !== key.fingerprint)) return null;
  return { fingerprint: key.fingerprint, spki: key.spki, curve: key.curve };
}

function onlyOne(texts: readonly (string | undefined)[]): string | null {
  const known = new Set(texts.filter((text) => text !== undefined && text !== ''));
  const [text] = known;
  return known.size === 1 && text !== undefined ? text.slice(0, 100) : null;
}

function meteredValue(value: SignedValueVerdict): MeteredValue {
  return {
    formatName: value.formatName, integrity: value.integrity, code: value.code, why: value.why,
    curve: value.curve ?? null, keyFingerprint: value.key?.fingerprint ?? null, meterId: value.meterId?.slice(0, 100) ?? null,
    energyKwh: value.signedEnergyKwh?.toString() ?? null, begin: value.begin?.text ?? null, end: value.end?.text ?? null,
    pagination: value.pagination, unwrapped: value.unwrapped,
    findings: value.findings.map(({ code, severity, message }) => ({ code, severity, message })),
  };
}
