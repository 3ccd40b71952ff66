import { fromBase64 } from '../encoding/base64.ts';
import { fromHex, withoutBlanks } from '../encoding/hex.ts';
import { billingFinding, completenessFinding, integrityFinding, quoted, type MeteringFinding } from '../finding.ts';
import { isList, isObject, textOf, type JsonObject } from '../json/json-value.ts';
import type { MeteringRecord, Pagination } from '../record.ts';
import { accepted, malformed, truncated, type Outcome, type Rejection } from '../rejection.ts';
import { curveOfAlgorithm, DEFAULT_CURVE } from './algorithm.ts';
import { readFrame } from './frame.ts';
import { readOcmfReadings } from './ocmf-readings.ts';

/** Identification levels that say the user was not identified properly. */
const BAD_LEVELS = ['MISMATCH', 'INVALID', 'OUTDATED', 'UNKNOWN'];

/** Reads a record of the Open Charge Metering Format, 0.1 to 1.4. */
export function readOcmf(text: string): Outcome<MeteringRecord> {
  const frame = readFrame(text);
  if (!frame.ok) return frame;
  const { signedText, payload, signature } = frame.value;
  const version = versionOf(payload);
  // Before 1.0 the algorithm stood in the payload.
  const algorithm = textOf(signature, 'SA') ?? textOf(payload, 'SA');
  const curve = algorithm === undefined ? accepted(DEFAULT_CURVE) : curveOfAlgorithm(algorithm);
  if (!curve.ok) return curve;
  const signed = signatureBytes(signature);
  if (!signed.ok) return signed;
  const pagination = paginationOf(textOf(payload, 'PG'));
  const readings =
    version.minor === undefined
      ? accepted([])
      : readOcmfReadings(payload.get('RD'), {
          paginationContext: pagination[0]?.context ?? '',
          stateMandatory: version.minor >= 3,
        });
  if (!readings.ok) return readings;
  return accepted({
    format: 'OCMF',
    formatName: version.name,
    blocks: [
      { name: 'record', bytes: Buffer.from(signedText, 'utf8'), signature: signed.value, encoding: 'der-or-raw' },
    ],
    curves: [curve.value],
    curveIsDefault: algorithm === undefined,
    embeddedKey: undefined,
    meterId: joined(payload, ['GS', 'MS']),
    chargePointId: joined(payload, ['CI']),
    user: textOf(payload, 'ID')?.trim()
      ? ['IT', 'IL', 'ID'].map((name) => textOf(payload, name) ?? '').join('|')
      : undefined,
    pagination,
    logbook: (version.minor ?? 10) < 5 ? eventCounters(payload) : [],
    readings: readings.value,
    findings: [...frame.value.findings, ...findingsOf(payload, pagination, algorithm)],
    reservation: version.minor === undefined ? unknownVersion(version.name) : undefined,
  });
}

interface Version {
  readonly name: string;
  /** 0.x as x, 1.x as 10 + x; `undefined` for a version nobody here knows. */
  readonly minor: number | undefined;
}

function versionOf(payload: JsonObject): Version {
  const text = textOf(payload, 'FV')?.trim();
  if (text === undefined) return { name: 'OCMF', minor: 10 };
  const match = /^(\d)\.(\d{1,2})(?:\.\d{1,3})?$/.exec(text);
  const minor = match ? Number(match[1]) * 10 + Number(match[2]) : -1;
  return minor < 1 || minor > 14
    ? { name: `OCMF ${quoted(text, 12)}`, minor: undefined }
    : { name: `OCMF ${text}`, minor };
}

/** The signature may be right; what was signed cannot be read with certainty. */
const unknownVersion = (name: string): Rejection => ({
  integrity: 'unverifiable',
  code: 'unsupported-version',
  message: `${name} is not a version from 0.1 to 1.4`,
});

function signatureBytes(signature: JsonObject): Outcome<Uint8Array> {
  const text = withoutBlanks(textOf(signature, 'SD') ?? '');
  if (text === '') return truncated('the signature section has no signature');
  const base64First = textOf(signature, 'SE')?.trim().toLowerCase() === 'base64';
  const bytes = base64First ? fromBase64(text) : (fromHex(text) ?? fromBase64(text));
  return bytes === undefined ? malformed('the signature is neither hex nor base64') : accepted(bytes);
}

function paginationOf(text: string | undefined): readonly Pagination[] {
  const match = /^([TF])(\d{1,30})$/.exec(text?.trim() ?? '');
  return match ? [{ context: match[1] ?? '', number: BigInt(match[2] ?? ''), growth: 'consecutive' }] : [];
}

function joined(payload: JsonObject, names: readonly string[]): string | undefined {
  const parts = names.map((name) => textOf(payload, name)?.trim() ?? '').filter((part) => part !== '');
  return parts.length === 0 ? undefined : [...new Set(parts)].join('/');
}

const eventCounters = (payload: JsonObject): readonly string[] => {
  const readings = payload.get('RD');
  return isList(readings)
    ? readings
        .filter(isObject)
        .map((reading) => textOf(reading, 'EI'))
        .filter((count) => count !== undefined)
    : [];
};

function findingsOf(
  payload: JsonObject,
  pagination: readonly Pagination[],
  algorithm: string | undefined,
): readonly MeteringFinding[] {
  const level = textOf(payload, 'IL');
  const findings: (MeteringFinding | false)[] = [
    algorithm === undefined &&
      integrityFinding(
        'algorithm-missing',
        'note',
        "the record does not name its signature algorithm; OCMF's default applies",
      ),
    !payload.has('FV') && integrityFinding('version-missing', 'note', 'the record does not name its OCMF version'),
    pagination.length === 0 &&
      completenessFinding('pagination-missing', 'warning', 'the record has no readable number (PG)'),
    joined(payload, ['GS', 'MS']) === undefined &&
      completenessFinding('meter-unnamed', 'warning', 'the record does not name its meter'),
    level !== undefined &&
      BAD_LEVELS.includes(level) &&
      billingFinding(
        'user-assignment',
        'warning',
        'user',
        `the user's identification has the level ${level}; the measurement is not affected`,
      ),
  ];
  return findings.filter((finding) => finding !== false);
}
