import type { CdrMetering, Prisma, PrismaClient } from '@emp/prisma-cdr-ingest';
import { NO_SIGNED_VALUES } from '../domain/metering-outcome.ts';

/** What the signed metering values of a record prove, for people. */
export interface MeteringView {
  readonly verdict: string;
  /** Stable slug, and the same in words. */
  readonly code: string;
  readonly reason: string;
  /** Whose key it is: `registered-key`, `first-use`, `record-only`. */
  readonly origin: string | null;
  /** kWh as signed, decimal text; proven only by `valid`. */
  readonly energyKwh: string | null;
  readonly begin: string | null;
  readonly end: string | null;
  readonly keyFingerprint: string | null;
  readonly meterId: string | null;
  /** The questions, each with answer and why, and the differences to what is billed (record minus signed). */
  readonly questions: Prisma.JsonValue;
  readonly values: Prisma.JsonValue;
  readonly verifiedAt: string | null;
}

export async function findMetering(prisma: PrismaClient, cdrId: string): Promise<MeteringView> {
  const row = await prisma.cdrMetering.findUnique({ where: { cdrId } });
  return row ? viewOf(row) : ABSENT;
}

function viewOf(row: CdrMetering): MeteringView {
  const { verdict, code, reason, origin, keyFingerprint, meterId, questions, signedValues: values } = row;
  return {
    verdict, code, reason, origin, energyKwh: row.energyKwh?.toFixed() ?? null, begin: row.signedBegin, end: row.signedEnd,
    keyFingerprint, meterId, questions, values, verifiedAt: row.verifiedAt.toISOString(),
  };
}

const { verdict, code, reason, questions: unanswered, differences } = NO_SIGNED_VALUES;
const ABSENT: MeteringView = {
  verdict, code, reason, origin: null, energyKwh: null, begin: null, end: null, keyFingerprint: null, meterId: null,
  questions: { ...unanswered, differences } as unknown as Prisma.JsonObject, values: [], verifiedAt: null,
};
