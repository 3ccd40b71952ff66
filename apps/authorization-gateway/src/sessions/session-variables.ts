import { z } from 'zod';

const count = (fallback: number, least: number, most: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(least).max(most).default(fallback) as never;

/** Limits of sessions and of those who follow them. Part of the gateway's variables. */
export const sessionVariables = {
  SESSION_SILENCE_MINUTES: count(1_440, 1, 525_600).describe('an authorized session nobody speaks of expires after this'),
  RECORD_LIMIT_ENDED_MINUTES: count(720, 1, 525_600).describe('a record is missing that long after the end of charging'),
  RECORD_LIMIT_CHARGING_MINUTES: count(2_880, 1, 525_600)
    .describe('a record is missing when a charging session was silent for so long'),
  EXPIRE_EVERY_SECONDS: count(60, 0, 86_400).describe('how often silent sessions are looked for; 0 = never'),
  SESSION_LISTENERS: count(1_000, 0, 100_000).describe('apps that may follow sessions of this process; then 503'),
  SESSION_HEARTBEAT_SECONDS: count(15, 1, 300).describe('how often they hear that the connection lives'),
} as const;
