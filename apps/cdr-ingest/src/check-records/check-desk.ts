import type { Transaction } from '@emp/database';
import type { CdrFacts } from '../domain/cdr-facts.ts';
import { evseKey } from '@emp/oicp';
import { NO_SIGNED_VALUES, type MeteringOutcome } from '../domain/metering-outcome.ts';
import { overlapsInBatch } from '../domain/overlap-in-batch.ts';
import { noteFirstUses } from '../meter-keys/meter-key.store.ts';
import type { MeteringVerifier } from '../verify-metering/metering-verifier.ts';
import { storeMetering } from '../verify-metering/metering.store.ts';
import { firstUses, verifyRecords } from '../verify-metering/verify-records.ts';
import type { CheckedRecord, RecordKnowledge } from './checked-record.ts';
import { sessionsOf, surroundingsOf } from './record-surroundings.ts';

/** What a batch of records is checked with, by their ids. */
export type BatchKnowledge = ReadonlyMap<string, RecordKnowledge>;

/**
 * Gathers what the checks need: one query for a batch of any size, and the signed values verified. The caller holds
 * `readFactsInPeace`.
 */
export class CheckDesk {
  constructor(private readonly verifier: MeteringVerifier) {}

  async gather(tx: Transaction, records: readonly CheckedRecord[]): Promise<BatchKnowledge> {
    const surroundings = await surroundingsOf(tx, records);
    const metering = await verifyRecords(tx, this.verifier, records, surroundings.keys);
    const together = overlapsInBatch(records.map(occupationOf));
    return new Map(records.map(({ id }): [string, RecordKnowledge] => {
      const { overlaps, ...around } = surroundings.of.get(id) ?? UNKNOWN;
      return [id, {
        ...around, metering: metering.get(id) ?? NO_SIGNED_VALUES,
        overlaps: overlaps.length > 0 ? overlaps : together.get(id) ?? [],
      }];
    }));
  }

  /**
   * Looks for the sessions of these records once more, for want of a contract. The caller holds the contract gate open, so
   * that a session told at this moment is either found here or finds the record.
   */
  async findSessionsAgain(tx: Transaction, records: readonly CheckedRecord[], knowledge: BatchKnowledge): Promise<BatchKnowledge> {
    const sessions = await sessionsOf(tx, records.map(({ sessionKey }) => sessionKey));
    const late = records.flatMap(({ id, sessionKey }): readonly (readonly [string, RecordKnowledge])[] => {
      const [known, session] = [knowledge.get(id), sessions.get(sessionKey)];
      return known && session ? [[id, { ...known, session }]] : [];
    });
    return late.length === 0 ? knowledge : new Map([...knowledge, ...late]);
  }

  /** Stores what the signed values of these records prove, and notes keys at their first use. */
  async keep(tx: Transaction, records: readonly CheckedRecord[], knowledge: BatchKnowledge, now: Date): Promise<void> {
    const outcomes = new Map(records.map(({ id }): [string, MeteringOutcome] =>
      [id, knowledge.get(id)?.metering ?? NO_SIGNED_VALUES]));
    await storeMetering(tx, [...outcomes], now);
    await noteFirstUses(tx, firstUses(records, outcomes), now);
  }
}

const UNKNOWN = { identificationContractRef: null, session: null, evse: 'no-network', products: [], overlaps: [] } as const;

const occupationOf = ({ id, sessionKey, sessionId, fingerprint, facts }: CheckedRecord) => ({
  id, sessionKey, sessionId, card: fingerprint, evseKey: keyOf(facts), start: facts.sessionStart, end: facts.sessionEnd,
});

const keyOf = ({ evseId }: CdrFacts): string | null => (evseId === null ? null : evseKey(evseId));
