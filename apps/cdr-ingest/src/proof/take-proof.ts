import type { Database } from '@emp/database';
import type { ProofDay } from '../domain/proof-day.ts';
import { DayCollector, isOf, type DayProof, type ProofFilter } from '../domain/proof-of-day.ts';
import { sessionsOfDay } from './day-sessions.ts';

/** Takes the proof of a day from what is known at this moment. */
export async function takeProof(
  database: Database, day: ProofDay,
  { asksUs, filter = {} }: { readonly asksUs: (providerId: string) => boolean; readonly filter?: ProofFilter },
): Promise<DayProof> {
  const collector = new DayCollector(asksUs);
  const asked = isOf(filter);
  for await (const session of sessionsOfDay(database, day)) {
    if (asked(session)) collector.add(session);
  }
  return collector.proof();
}
