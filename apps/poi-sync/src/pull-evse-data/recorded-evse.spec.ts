import { recordEvse } from './recorded-evse.ts';

const record = { EvseID: 'DE*ABC*E1', OperatorID: 'DE*ABC', AdditionalInfo: [{ lang: 'de', value: 'hinten' }] };

describe('a recorded EVSE', () => {
  it('keeps the whole record, members we do not look at included', () => {
    expect(
      JSON.parse(recordEvse({ ...record, deltaType: 'insert', lastUpdate: '2026-05-01T08:00:00Z' }, []).recordText)
    )
      .toEqual({ ...record, deltaType: 'insert', lastUpdate: '2026-05-01T08:00:00Z' });
    expect(JSON.parse(recordEvse(record, []).recordText)).toEqual(record);
  });

  it('is a changed one when its record changed, not when it was only sent anew', () => {
    const hash = recordEvse(record, []).contentHash;
    expect(
      recordEvse({ ...record, deltaType: 'update', lastUpdate: '2026-05-02T08:00:00Z' }, []).contentHash
    ).toBe(hash);
    expect(recordEvse({ ...record, AdditionalInfo: [] } as typeof record, []).contentHash).not.toBe(hash);
    expect(recordEvse({ ...record, OperatorID: 'DE*XYZ' }, []).contentHash).not.toBe(hash);
  });

  it('has another fingerprint of its findings when they change, and is no changed one for it', () => {
    const [before, after] = [recordEvse(record, []), recordEvse(record, [{ code: 'number-as-text', pointer: '/x' }])];
    expect(after.contentHash).toBe(before.contentHash);
    expect(after.findingsHash).not.toBe(before.findingsHash);
    expect(after.findings['number-as-text']).toEqual(['/x']);
  });
});
