import { certificatePairs, hbsVariables } from '@emp/hbs-client';
import { Decimal } from '@emp/money';
import { commonVariables, portVariable, readConfig } from '@emp/service-kit';
import { z } from 'zod';
import { DEFAULT_LIMITS } from './domain/check-context.ts';
import { readCheckPolicy } from './domain/check-policy.ts';
import { isTimeZone } from './domain/proof-day.ts';
import { LONGEST_LOOK_BACK_DAYS } from './domain/pull-windows.ts';

const wholeNumber = (least: number, most: number, fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(least).max(most).default(fallback) as never;

const kWh = (fallback: string) =>
  z.string().default(fallback).refine((text) => Decimal.tryParse(text) !== undefined, 'a decimal number is expected')
    .transform((text) => Decimal.parse(text));

const variables = z.object({
  ...commonVariables,
  PORT: portVariable(8082).describe('internal API'),
  ...hbsVariables,
  VAULT_KEYS: z.string().describe('keys that open and seal records, id:base64[,id:base64]'),
  VAULT_PEPPER: z.string().describe('secret of the fingerprints, base64'),
  RECONCILE_EVERY_SECONDS: wholeNumber(0, 86_400, 900).describe('pause between two pulls; 0 = only when asked'),
  RECONCILE_OVERLAP_HOURS: wholeNumber(0, LONGEST_LOOK_BACK_DAYS * 24, 72)
    .describe('how far each pull reaches back behind the watermark'),
  RECONCILE_LOOK_BACK_DAYS: wholeNumber(1, LONGEST_LOOK_BACK_DAYS, LONGEST_LOOK_BACK_DAYS)
    .describe('how far the first pull reaches back'),
  RECONCILE_WINDOW_HOURS: wholeNumber(1, LONGEST_LOOK_BACK_DAYS * 24, 168).describe('longest window of one pull'),
  RECONCILE_PAGE_SIZE: wholeNumber(1, 2000, 2000).describe('records a page'),
  RECONCILE_SWEEP_EVERY_HOURS: wholeNumber(0, 720, 24).describe('how often the last weeks are pulled once more; 0 = only when asked'),
  RECONCILE_SWEEP_DAYS: wholeNumber(1, LONGEST_LOOK_BACK_DAYS, 30).describe('how far a sweep reaches back'),
  MISSING_RECORDS_EVERY_SECONDS: wholeNumber(0, 86_400, 600).describe('how often missing records are looked through; 0 = never'),
  MISSING_RECORDS_FIRST_PAUSE_MINUTES: wholeNumber(1, 10_080, 60).describe('before a record is asked for again; then doubled'),
  MISSING_RECORDS_ATTEMPTS: wholeNumber(1, 1000, 12).describe('how often a record is asked for'),
  MISSING_RECORDS_BATCH: wholeNumber(1, 1000, 100).describe('SessionIDs in one request'),
  PROOF_TIME_ZONE: z.string().default('UTC').refine(isTimeZone, 'an IANA time zone is expected').describe('whose days are proven'),
  PROOF_CLOSE_AFTER_DAYS: wholeNumber(1, 60, 7).describe('after so many days the proof of a day stays as it is'),
  PROOF_EVERY_SECONDS: wholeNumber(0, 86_400, 3_600).describe('how often open days are proven again; 0 = never'),
  READ_MODEL_RETENTION_DAYS: wholeNumber(7, 3_650, 400).describe('how long sessions, receipts and charges are known here'),
  ENERGY_TOLERANCE_KWH: kWh('0.01').describe('tolerated difference between energy and meter readings'),
  MAXIMUM_ENERGY_KWH: kWh('1000').describe('more than this is absurd'),
  POWER_TOLERANCE_PERCENT: wholeNumber(0, 1_000, DEFAULT_LIMITS.powerTolerancePercent)
    .describe('by how much an EVSE may give more than its listed power'),
  MAXIMUM_RECORD_AGE_DAYS: wholeNumber(1, 3_650, DEFAULT_LIMITS.maximumAgeDays)
    .describe('days between the end of a session and its record'),
  CHECK_POLICY: z.string().default('').transform((text, context) => {
    const read = readCheckPolicy(text);
    if (read.ok) return read.value;
    context.addIssue({ code: 'custom', message: read.refusal.detail });
    return z.NEVER;
  }).describe('what is done about findings: code:accept|flag|quarantine,…; GET /v1/checks lists them'),
  METERING_THREADS: wholeNumber(0, 64, 1).describe('threads that verify signed metering values; 0 = none of their own'),
});

export type CdrIngestConfig = z.infer<typeof variables>;

const schema = variables.superRefine(certificatePairs);

/** @throws EmpError `configuration-invalid` naming every missing or malformed variable. */
export const readCdrIngestConfig = (env: Readonly<Record<string, string | undefined>>): CdrIngestConfig =>
  readConfig(schema, env);
