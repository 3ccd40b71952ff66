import { gunzipSync } from 'node:zlib';
import { publicFile, sampleText } from '../../test/samples.ts';
import { readEvseFeed, readEvseStatusFeed, type FeedRecord } from '../index.ts';

describe('a national feed', () => {
  const feed = readEvseFeed(sampleText('feed.national-evse-data'));

  it('gives each record the operator of its group, never that of its id', () => {
    expect(feed).toMatchObject({ ok: true, records: [{ operatorId: 'CH*SIM', record: { OperatorID: 'CH*SIM', OperatorName: 'Simulated' } }] });
  });

  it('points into the whole feed', () => {
    expect(feed.ok && feed.records[0]!.findings.map(({ pointer, code }) => `${pointer} ${code}`))
      .toContain('/EVSEData/0/EVSEDataRecord/0/ChargingFacilities/0/power number-as-text');
  });

  it('points at the group for the operator that its records inherit', () => {
    const record = { EvseID: 'CH*SIM*E1' };
    const feed = readEvseFeed(JSON.stringify({ EVSEData: [{ OperatorID: 'CH*FASTNED', EVSEDataRecord: [record, { ...record, OperatorID: 'CH*SLOWNED' }] }] }));
    const malformed = feed.ok && feed.records.map(({ findings }) => findings.find(({ code }) => code === 'operator-id-malformed')?.pointer);
    expect(malformed).toEqual(['/EVSEData/0/OperatorID', '/EVSEData/0/EVSEDataRecord/1/OperatorID']);
  });

  it('loses only what cannot be read', () => {
    expect(feed.ok && feed.rejected.map(({ pointer }) => pointer)).toEqual(['/EVSEData/0/EVSEDataRecord/1', '/EVSEData/1']);
  });

  it.each(['', '[]', '{}', '{"EVSEData":{}}'])('refuses %j', (text) => {
    expect(readEvseFeed(text).ok).toBe(false);
  });

  it('reads statuses in another case', () => {
    const statuses = readEvseStatusFeed(sampleText('feed.national-evse-status'));
    expect(statuses.ok && statuses.records.map(({ record }) => [record.EvseID, record.EvseStatus]))
      .toEqual([['CH*SIM*E1', 'Available'], ['CH*SIM*E2', 'Available']]);
    expect(statuses.ok && statuses.rejected.map(({ pointer }) => pointer)).toEqual(['/EVSEStatuses/0/EVSEStatusRecord/2']);
  });
});

/** Records with at least one finding of the code, at a place that ends with `end`. */
function recordsWith(records: readonly FeedRecord<unknown>[], code: string, end = ''): number {
  return records.filter(({ findings }) => findings.some((finding) => finding.code === code && finding.pointer.endsWith(end))).length;
}

function findingsOf(records: readonly FeedRecord<unknown>[], code: string, end = ''): number {
  return records.reduce((sum, { findings }) =>
    sum + findings.filter((finding) => finding.code === code && finding.pointer.endsWith(end)).length, 0);
}

const data = publicFile('poi/ch-2026-04-03-evse-data.json.gz');
if (data !== undefined) {
  describe('the Swiss feed of 2026-04-03', () => {
    const feed = readEvseFeed(gunzipSync(data));
    const records = feed.ok ? feed.records : [];

    it('is read to the last of its 18 427 records', () => {
      expect(feed).toMatchObject({ ok: true, rejected: [] });
      expect(records).toHaveLength(18_427);
      expect(new Set(records.map(({ record }) => record.EvseID)).size).toBe(18_425);
    });

    it.each([
      ['bare Google coordinates', 'text-for-object', '/GeoCoordinates/Google', 18_427],
      ['a known member under another name', 'member-spelling', '', 18_427],
      ['"None None" for the entrance', 'coordinates-empty', '/GeoChargingPointEntrance/Google', 17_542],
      ['no authentication modes', 'list-empty', '/AuthenticationModes', 7_217],
      ['the prefix of another operator', 'operator-prefix-differs', '/EvseID', 2_618],
      ['numbers as strings', 'number-as-text', '', 2_453],
      ['coordinates with more than six decimals', 'coordinates-too-precise', '', 1_478],
      ['closed at times, without times', 'opening-times-missing', '/OpeningTimes', 1_139],
      ['power 0', 'zero-power', '/power', 763],
      ['amperage of three digits', 'above-maximum', '/Amperage', 716],
      ['EvseIDs in mixed case', 'evse-id-case', '/EvseID', 662],
      ['station names missing', 'member-missing', '/ChargingStationNames', 488],
      ['lastUpdate without zone', 'date-time-without-zone', '/lastUpdate', 279],
      ['operator ids that break the pattern', 'operator-id-malformed', '/OperatorID', 223],
      ['station names as an object', 'object-for-list', '/ChargingStationNames', 40],
      ['the placeholder at 50, −15 and one at 0, 0', 'coordinates-implausible', '', 56],
    ])('has %s', (_, code, end, count) => {
      expect(recordsWith(records, code, end)).toBe(count);
    });

    it.each([
      ['powers as strings', 'number-as-text', '/power', 2_453],
      ['powers with a fraction', 'too-many-decimals', '/power', 145],
      ['facilities without power', 'member-missing', '/Power', 210],
      ['periods as objects', 'object-for-list', '/Period', 80],
    ])('has so many %s', (_, code, end, count) => {
      expect(findingsOf(records, code, end)).toBe(count);
    });

    it('lacks house numbers in 89.8 % of its records', () => {
      const lacking = recordsWith(records, 'member-missing', '/HouseNum') + recordsWith(records, 'member-empty', '/HouseNum');
      expect((lacking / records.length * 100).toFixed(1)).toBe('89.8');
    });

    it('lacks one of four mandatory lists in 57.9 % of its records', () => {
      const lists = ['/PaymentOptions', '/ValueAddedServices', '/AuthenticationModes', '/ChargingStationNames'];
      const lacking = records.filter(({ findings }) => findings.some(({ code, pointer }) =>
        (code === 'member-missing' || code === 'list-empty') && lists.some((list) => pointer.endsWith(list))));
      expect((lacking.length / records.length * 100).toFixed(1)).toBe('57.9');
    });

    it('has opening times missing, of which 410 are an empty list', () => {
      expect(records.filter(({ record }) => record.OpeningTimes?.length === 0)).toHaveLength(410);
    });
  });
}

const status = publicFile('poi/ch-2026-04-03-evse-status.json.gz');
if (status !== undefined) {
  it('the Swiss statuses are read to the last', () => {
    const feed = readEvseStatusFeed(gunzipSync(status));
    expect(feed).toMatchObject({ ok: true, rejected: [] });
    expect(feed.ok && feed.records.length).toBe(18_427);
  });
}
