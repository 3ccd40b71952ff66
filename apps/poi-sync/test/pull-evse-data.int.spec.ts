import { network, wireRecord } from './fake-hbs.ts';
import { PoiSyncUnderTest } from './poi-sync-under-test.ts';

interface Evse {
  evseId: string; operatorId: string; status: string; removedAt: string | null; findings: Record<string,
  string[]>; record: Record<string, unknown>
}
interface Summary {
  evses: number; byCountry: Record<string, number>; byStatus: Record<string, number>; findings: Record<string, number>;
  duplicates: { evseId: string; operators: string[] }[]; lastPull: {
    state: string; counts: Record<string, number>; notes: string[]
  };
}

describe('a pull of EVSE data', () => {
  let poi: PoiSyncUnderTest;
  beforeAll(async () => { poi = await PoiSyncUnderTest.start({ PAGE_SIZE: '4' }); });
  beforeEach(() => poi.reset());
  afterAll(() => poi.stop());
  const summary = () => poi.get<Summary>('/v1/summary');

  it('stores every page and publishes each EVSE once, with what others need', async () => {
    poi.hbs.records = network(10);
    const run = await poi.pull('evse-data');
    expect(run).toMatchObject(
      { state: 'complete', counts: { pages: 3, records: 10, added: 10, changed: 0, unchanged: 0, rejected: 0 } }
    );
    expect(poi.hbs.asked[0]).toEqual({
      path: '/api/oicp/evsepull/v23/providers/DE-EMP/data-records?page=0&size=4',
      body: { ProviderID: 'DE-EMP', GeoCoordinatesResponseFormat: 'DecimalDegree' },
    });
    const events = await poi.newEvents();
    expect(events).toHaveLength(10);
    expect(events[0]).toEqual({ type: 'EvseRecorded', key: 'DEABCE0001', data: {
      evseId: 'DE*ABC*E0001', evseKey: 'DEABCE0001', operatorId: 'DE*ABC', operatorName: 'ABC technologies',
      country: 'DE',
      timeZone: 'Europe/Berlin', latitude: '52.480495', longitude: '13.356465', maximumPowerKw: '22',
      powerType: 'AC_3_PHASE',
      calibrationLaw: 'External', hubjectCompatible: true,
    } });
    expect(await summary()).toMatchObject(
      { evses: 10, byCountry: { DE: 10 }, byStatus: { Unknown: 10 }, duplicates: [] }
    );
  });

  it('publishes nothing when nothing changed, and one event when one EVSE did', async () => {
    poi.hbs.records = network(10);
    await poi.pull('evse-data');
    await poi.newEvents();
    poi.hbs.records = network(10).map(
      (record) => ({ ...record, lastUpdate: '2026-05-02T08:00:00+02:00', deltaType: 'update' })
    );
    expect((await poi.pull('evse-data')).counts).toMatchObject({ added: 0, changed: 0, unchanged: 10 });
    expect(await poi.newEvents()).toEqual([]);
    poi.hbs.records = network(10).map(
      (record, index) => (index === 6 ? { ...record, IsHubjectCompatible: false } : record)
    );
    expect((await poi.pull('evse-data')).counts).toMatchObject({ changed: 1, unchanged: 9 });
    expect(
      (await poi.newEvents()).map(({ type, key, data }) => [type, key, data['hubjectCompatible']])
    ).toEqual([['EvseRecorded', 'DEABCE0007', false]]);
  });

  it('loses one record to one bad record, and no other', async () => {
    const bad = [{ ...wireRecord('x'), EvseID: null }, wireRecord(`DE*ABC*E${'1'.repeat(5000)}`), 'not even an object'];
    const odd = wireRecord(
      'DE*ABC*E9999', { OperatorName: 'zero \u0000 byte', AdditionalInfo: [{ lang: 'de', value: 'half \ud83d pair' }] }
    );
    poi.hbs.records = [...network(2), ...bad, ...network(6).slice(2), odd];
    const run = await poi.pull('evse-data');
    expect(run).toMatchObject({ state: 'complete', counts: { records: 10, added: 7, rejected: 3 } });
    expect(run.notes).toHaveLength(3);
    expect(run.notes[0]).toMatch(/page 0, \/content\/2.*EvseID/);
    expect((await poi.get<Evse>('/v1/evses/DE*ABC*E9999')).record['OperatorName']).toBe('zero \uFFFD byte');
  });

  it('ties findings to their record although a bad record stood before it', async () => {
    poi.hbs.records = [
      { ...wireRecord('x'), EvseID: null }, wireRecord('DE*ABC*E1'),
      wireRecord('DE*ABC*E2', {
        GeoCoordinates: { Google: '50.0 -15.0' }, ChargingFacilities: [{ power: '22.5', powertype: 'AC_3_PHASE' }]
      }),
    ];
    await poi.pull('evse-data');
    const [sound, dirty] = await Promise.all(
      [poi.get<Evse>('/v1/evses/DE*ABC*E1'), poi.get<Evse>('/v1/evses/DE*ABC*E2')]
    );
    expect(sound.findings).toEqual({});
    expect(dirty.findings).toMatchObject({
      'position-placeholder': ['/GeoCoordinates/Google/Coordinates'], 'number-as-text': ['/ChargingFacilities/0/power'],
    });
    expect((await summary()).findings).toMatchObject({ 'position-placeholder': 1, 'number-as-text': 1 });
  });

  it('takes a record that comes again on a shifted page for a repeat', async () => {
    poi.hbs.records = network(8);
    poi.hbs.beforePage = (page) => { if (page === 1) poi.hbs.records = [wireRecord('DE*ABC*E0000'), ...network(8)]; };
    const run = await poi.pull('evse-data');
    expect(run).toMatchObject(
      { state: 'complete', counts: { pages: 3, records: 9, added: 8, repeats: 1 }, duplicates: [] }
    );
    expect(await poi.newEvents()).toHaveLength(8);
    expect((await poi.pull('evse-data')).counts).toMatchObject({ added: 1, unchanged: 8 });
  });

  it('removes nothing when the network shrank under way: a record may have slipped past', async () => {
    poi.hbs.records = network(12);
    await poi.pull('evse-data');
    await poi.newEvents();
    poi.hbs.beforePage = (page) => { if (page === 1) poi.hbs.records = network(12).slice(1); };
    const run = await poi.pull('evse-data');
    expect(run.state).toBe('complete');
    expect(run.notes.join()).toMatch(/shrank/);
    expect(await poi.newEvents()).toEqual([]);
    poi.hbs.beforePage = () => undefined;
    await poi.pull('evse-data');
    expect((await poi.newEvents()).map(({ type, key }) => [type, key])).toEqual([['EvseRemoved', 'DEABCE0001']]);
  });

  it('names an id that comes under two operators, and keeps the first', async () => {
    poi.hbs.records = [...network(5), wireRecord('de*abc*e0002', { OperatorID: 'DE*XYZ' }), wireRecord('DE*ABC*E0003')];
    const run = await poi.pull('evse-data');
    expect(run).toMatchObject({ counts: { added: 5, duplicates: 1, repeats: 1 }, duplicates: [
      { evseId: 'de*abc*e0002', operators: ['DE*ABC', 'DE*XYZ'] }
    ] });
    expect((await poi.get<Evse>('/v1/evses/DEABCE0002')).operatorId).toBe('DE*ABC');
    expect((await summary()).duplicates).toEqual(run.duplicates);
  });

  it('removes what a complete pull does not list any more, and takes it back when it returns', async () => {
    poi.hbs.records = network(10);
    await poi.pull('evse-data');
    await poi.newEvents();
    poi.hbs.records = network(10).slice(2);
    expect((await poi.pull('evse-data')).counts).toMatchObject({ removed: 2, unchanged: 8 });
    expect(
      (await poi.newEvents()).map(({ type, key }) => `${type} ${key}`).sort()
    ).toEqual(['EvseRemoved DEABCE0001', 'EvseRemoved DEABCE0002']);
    expect(await summary()).toMatchObject({ evses: 8 });
    expect((await poi.get<Evse>('/v1/evses/DE*ABC*E0001')).removedAt).not.toBeNull();
    poi.hbs.records = network(10).slice(1);
    expect((await poi.pull('evse-data')).counts).toMatchObject({ changed: 1, unchanged: 8 });
    expect((await poi.newEvents()).map(({ type, key }) => `${type} ${key}`)).toEqual(['EvseRecorded DEABCE0002']);
    expect((await poi.get<Evse>('/v1/evses/DE*ABC*E0002')).removedAt).toBeNull();
  });

  it('removes nothing when too much is gone, says so, and does it when told to', async () => {
    poi.hbs.records = network(10);
    await poi.pull('evse-data');
    await poi.newEvents();
    poi.hbs.records = network(7);
    const held = await poi.pull('evse-data');
    expect(held).toMatchObject({ state: 'complete', counts: { removalsHeld: 3 } });
    expect(held.notes[0]).toMatch(/3 of 10 EVSEs.*limit of 25 %.*removals=allow/);
    poi.hbs.records = [];
    expect((await poi.pull('evse-data')).counts).toMatchObject({ removalsHeld: 10 });
    expect(await poi.newEvents()).toEqual([]);
    expect(await summary()).toMatchObject({ evses: 10 });
    poi.hbs.records = network(7);
    expect((await poi.pull('evse-data', '&removals=allow')).counts).toMatchObject({ removed: 3 });
    expect((await poi.newEvents()).map(({ type }) => type)).toEqual(['EvseRemoved', 'EvseRemoved', 'EvseRemoved']);
  });

  it('that breaks off on a page leaves what was known, and the next one repairs', async () => {
    poi.hbs.records = network(8);
    await poi.pull('evse-data');
    await poi.newEvents();
    poi.hbs.records = network(8).map((record) => ({ ...record, OperatorName: 'New name' })).slice(0, 7);
    poi.hbs.cutOffPage = 1;
    const failed = await poi.pull('evse-data');
    expect(failed).toMatchObject({ state: 'failed', counts: { pages: 1, changed: 4 } });
    expect(failed.error).toMatch(/PullEvseData/);
    expect((await poi.newEvents()).map(({ key }) => key)).toEqual(
      ['DEABCE0001', 'DEABCE0002', 'DEABCE0003', 'DEABCE0004']
    );
    expect(await summary()).toMatchObject({ evses: 8, lastPull: { state: 'failed' } });
    poi.hbs.cutOffPage = null;
    expect((await poi.pull('evse-data')).counts).toMatchObject({ changed: 3, unchanged: 4, removed: 1 });
  });

  it('whose process died is interrupted, and the next one repairs', async () => {
    poi.hbs.records = network(4);
    await poi.own.database.execute(`
      INSERT INTO pull_run (id, kind, state, started_at, progressed_at, counts, findings, duplicates, notes)
      VALUES ('dead', 'evse-data', 'running', '2026-04-30', '2026-04-30', '{}', '{}', '[]', '[]')`);
    await poi.own.database.execute(`INSERT INTO evse_seen (run_id, evse_key) VALUES ('dead', 'DEABCE0001')`);
    expect(await poi.pull('evse-data')).toMatchObject({ state: 'complete', counts: { added: 4 } });
    const { pulls } = await poi.get<{ pulls: { id: string; state: string }[] }>('/v1/pulls?kind=evse-data');
    expect(pulls.map(({ state }) => state)).toEqual(['complete', 'interrupted']);
  });

  it('that is under way when the service stops ends after its page, and the next one repairs', async () => {
    poi.hbs.records = network(12);
    let stopping: Promise<void> | undefined;
    poi.hbs.beforePage = (page) => { if (page === 1) stopping ??= poi.restart(); };
    expect((await poi.pull('evse-data')).state).toBe('interrupted');
    await stopping;
    expect((await summary()).lastPull.state).toBe('interrupted');
    const stored = (await summary()).evses;
    expect(stored).toBeGreaterThanOrEqual(4);
    expect(stored).toBeLessThan(12);
    expect((await poi.pull('evse-data')).counts).toMatchObject({ added: 12 - stored, unchanged: stored });
  });

  it('runs once, whatever the number of replicas', async () => {
    poi.hbs.records = network(4);
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => { release = resolve; });
    const begun = new Promise<void>((resolve) => { poi.hbs.beforePage = () => { resolve(); return released; }; });
    const other = await poi.replica();
    try {
      const first = poi.pull('evse-data');
      await begun;
      const refused = await fetch(`${other.url}/v1/pulls/evse-data?wait=true`, { method: 'POST' });
      expect(
        [refused.status, ((await refused.json()) as { type: string }).type]
      ).toEqual([409, 'urn:emp:problem:pull-under-way']);
      const joined = poi.pull('evse-data');
      release();
      expect((await first).id).toBe((await joined).id);
      expect(poi.hbs.asked).toHaveLength(1);
    } finally {
      release();
      await other.stop();
    }
  });

  it('without waiting is answered at once', async () => {
    poi.hbs.records = network(1);
    const response = await fetch(`${poi.url}/v1/pulls/evse-data`, { method: 'POST' });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ kind: 'evse-data', state: 'asked', progress: '/v1/pulls?kind=evse-data' });
    expect((await poi.pull('evse-data')).state).toBe('complete');
    expect((await fetch(`${poi.url}/v1/pulls/everything`, { method: 'POST' })).status).toBe(404);
  });
});
