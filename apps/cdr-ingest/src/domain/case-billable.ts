import { billableEnergyKwh, type CdrFacts } from './cdr-facts.ts';

/** What a record lacks, so that nobody could bill it, whatever a person decides: members that a correction can give. */
export function missingForBilling(facts: CdrFacts, contractRef: string | null): readonly string[] {
  const { evseId, sessionStart, sessionEnd } = facts;
  const energy = billableEnergyKwh(facts);
  const reversed = sessionStart !== null && sessionEnd !== null && sessionEnd.epochMillis < sessionStart.epochMillis;
  return [
    ...(contractRef === null ? ['contractRef'] : []),
    ...(evseId === null ? ['evseId'] : []),
    ...(sessionStart === null ? ['sessionStart'] : []),
    ...(sessionEnd === null || reversed ? ['sessionEnd'] : []),
    ...(energy === null || energy.isNegative() ? ['energyKwh'] : []),
  ];
}
