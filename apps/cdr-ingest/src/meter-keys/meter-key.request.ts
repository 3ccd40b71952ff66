import { newId, parseOffsetDateTime } from '@emp/kernel';
import { evseKey, parseEvseId } from '@emp/oicp';
import { Problem } from '@emp/service-kit';
import { readPublicKey } from '@emp/signed-metering';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { placeOf, type NewMeterKey } from './meter-key.store.ts';

const MOST_KEYS = 20_000;

const text = (longest: number): z.ZodType<string | null> =>
  z.string().trim().max(longest).refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters')
    .nullish().transform((value) => (value === undefined || value === null || value === '' ? null : value)) as never;

const instant = z.string().trim().nullish().transform((value, context): Date | null => {
  if (value === undefined || value === null || value === '') return null;
  const read = parseOffsetDateTime(value);
  if (read.ok) return new Date(read.value.epochMillis);
  context.addIssue({ code: 'custom', message: 'an ISO 8601 date-time is expected' });
  return z.NEVER;
});

const meterKey = z.object({
  publicKey: z.string().max(4_096),
  meterId: text(100), evseId: text(60), operatorId: text(20), validFrom: instant, validUntil: instant, note: text(500),
});

/** `{keys: […]}`: as the API describes it; each key is read by itself. */
export const meterKeysBody = z.object({ keys: z.array(meterKey).max(MOST_KEYS) });

const looseBody = z.object({ keys: z.array(z.unknown()).max(MOST_KEYS) });

/** A key that could not be taken: where it stands (JSON pointer, or the line), and why. */
export interface RejectedKey {
  readonly at: string;
  readonly detail: string;
}

export interface KeysToRegister {
  readonly keys: readonly NewMeterKey[];
  readonly rejected: readonly RejectedKey[];
}

/** Reads a JSON body, CSV with a header, or NDJSON. One bad key costs only itself. @throws Problem 400 `request-invalid`. */
export function readMeterKeys(body: unknown, contentType: string, caller: string): KeysToRegister {
  const entries = typeof body === 'string' ? linesOf(body, contentType) : looseKeys(body);
  const keys = new Map<string, NewMeterKey>();
  const rejected: RejectedKey[] = [];
  for (const { at, value } of entries) {
    const read = value === undefined ? ['no JSON'] : readKey(value, typeof body === 'string' ? 'import' : 'hand', caller);
    if (Array.isArray(read)) rejected.push(...read.map((detail) => ({ at, detail })));
    else keys.set(placeOf(read), read);
  }
  return { keys: [...keys.values()], rejected };
}

interface Entry {
  readonly at: string;
  readonly value: unknown;
}

function looseKeys(body: unknown): readonly Entry[] {
  const read = looseBody.safeParse(body);
  if (read.success) return read.data.keys.map((value, index) => ({ at: `/keys/${index}`, value }));
  throw new Problem(400, 'request-invalid', `a list "keys" of at most ${MOST_KEYS} keys is expected`);
}

function linesOf(body: string, contentType: string): readonly Entry[] {
  const entries = contentType.startsWith('text/csv') ? csvLines(body) : ndjsonLines(body);
  if (entries.length <= MOST_KEYS) return entries;
  throw new Problem(413, 'too-many-keys', `at most ${MOST_KEYS} keys in one request, this one has ${entries.length}`);
}

function csvLines(body: string): readonly Entry[] {
  try {
    const rows = parse(body, { columns: true, bom: true, trim: true, skip_empty_lines: true, info: true }) as
      readonly { readonly record: unknown; readonly info: { readonly lines: number } }[];
    return rows.map(({ record, info }) => ({ at: `line ${info.lines}`, value: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Problem(400, 'request-invalid', `not CSV with a header: ${error.message}`);
  }
}

function ndjsonLines(body: string): readonly Entry[] {
  return body.split(/\r?\n/).flatMap((line, index) => (line.trim() === '' ? [] : [{ at: `line ${index + 1}`, value: jsonOf(line) }]));
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The key, or what is wrong with it. */
function readKey(value: unknown, origin: 'hand' | 'import', caller: string): NewMeterKey | string[] {
  const read = meterKey.safeParse(value);
  if (!read.success) return read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const { publicKey, meterId, evseId, operatorId, validFrom, validUntil, note } = read.data;
  const key = readPublicKey(publicKey);
  if (!key.ok) return [`publicKey: ${key.rejection.message}; a bare point does not say its curve: give a SubjectPublicKeyInfo`];
  if (meterId === null && evseId === null) return ['meterId or evseId must say where the key belongs'];
  if (evseId !== null && !parseEvseId(evseId).ok) return ['evseId: an EVSE id is expected, like DE*AB7*E840*6487'];
  if (validFrom && validUntil && validUntil <= validFrom) return ['validUntil must lie after validFrom'];
  return {
    id: newId(), fingerprint: key.value.fingerprint, publicKey: key.value.spki, curve: key.value.curve, meterId, evseId,
    evseKey: evseId === null ? null : evseKey(evseId), operatorId, origin, validFrom, validUntil, note, notedBy: caller,
    firstSessionId: null,
  };
}
