import { parseOffsetDateTime } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { missingForBilling } from './case-billable.ts';
import { overlaid, overlayFlaws } from './case-overlay.ts';
import { billableEnergyKwh, type CdrFacts } from './cdr-facts.ts';

function at(text: string) {
  const read = parseOffsetDateTime(text);
  if (!read.ok) throw new Error(text);
  return read.value;
}
const facts: CdrFacts = {
  evseId: 'DE*SIM*E1', partnerProductId: 'DC', sessionStart: at('2026-05-01T10:00:00+02:00'), sessionEnd: at('2026-05-01T11:00:00+02:00'),
  chargingStart: at('2026-05-01T10:00:00+02:00'), chargingEnd: null, consumedEnergyKwh: Decimal.parse('11'), meterStartKwh: null,
  meterEndKwh: null, meterInBetweenKwh: [], identification: 'rfid',
};

describe('members that a person corrects', () => {
  it('take the place of those of the record, and nothing else changes', () => {
    const corrected = overlaid(facts, { energyKwh: '10.50', sessionEnd: '2026-05-01T12:00:00+02:00', partnerProductId: null, evseId: 'DE*SIM*E2' });
    expect(billableEnergyKwh(corrected)?.toString()).toBe('10.50');
    expect(corrected.sessionEnd?.text).toBe('2026-05-01T12:00:00+02:00');
    expect(corrected).toMatchObject({ evseId: 'DE*SIM*E2', partnerProductId: null, sessionStart: facts.sessionStart, chargingEnd: null });
    expect(overlaid(facts, {})).toEqual(facts);
  });

  it('are all told what is wrong with them', () => {
    expect(overlayFlaws({
      energyKwh: null, meterEndKwh: '-1', sessionStart: 'soon', sessionEnd: '2026-05-01T12:00:00', evseId: 'no', contractRef: ' ', partnerProductId: null,
    }).map(({ pointer }) => pointer)).toEqual([
      '/members/energyKwh', '/members/meterEndKwh', '/members/sessionStart', '/members/sessionEnd', '/members/evseId', '/members/contractRef',
    ]);
    expect(overlayFlaws({ energyKwh: '0', chargingEnd: null, sessionEnd: '2026-05-01T12:00:00Z' })).toEqual([]);
  });
});

describe('what nobody could bill without', () => {
  it.each<[Partial<CdrFacts>, string | null, readonly string[]]>([
    [{}, 'con-1', []], [{}, null, ['contractRef']], [{ evseId: null }, 'con-1', ['evseId']], [{ sessionStart: null }, 'con-1', ['sessionStart']],
    [{ sessionEnd: at('2026-05-01T09:00:00+02:00') }, 'con-1', ['sessionEnd']], [{ consumedEnergyKwh: null }, 'con-1', ['energyKwh']],
    [{ consumedEnergyKwh: Decimal.parse('-1') }, 'con-1', ['energyKwh']],
    [{ consumedEnergyKwh: null, meterStartKwh: Decimal.parse('1'), meterEndKwh: Decimal.parse('2') }, 'con-1', []],
  ])('%j with contract %s: %j', (changes, contractRef, missing) => {
    expect(missingForBilling({ ...facts, ...changes }, contractRef)).toEqual(missing);
  });
});
