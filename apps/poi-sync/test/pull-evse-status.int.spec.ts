import { network } from './fake-hbs.ts';
import { PoiSyncUnderTest } from './poi-sync-under-test.ts';

describe('a pull of the status', () => {
  let poi: PoiSyncUnderTest;
  beforeAll(async () => { poi = await PoiSyncUnderTest.start(); });
  beforeEach(async () => {
    await poi.reset();
    poi.hbs.records = network(4);
    await poi.pull('evse-data');
    poi.hbs.statuses = [
      status('E0001', 'Available'), status('E0002', 'Occupied'), status('E0003', 'Charging backwards')
    ];
    await poi.pull('evse-status');
    await poi.newEvents();
  });
  afterAll(() => poi.stop());

  const status = (evse: string, EvseStatus: string) => ({ EvseID: `DE*ABC*${evse}`, EvseStatus });
  const byStatus = async () => (await poi.get<{ byStatus: Record<string, number> }>('/v1/summary')).byStatus;

  it('stores every status, unknown words too; an EVSE that is not in the answer is Unknown', async () => {
    expect(await byStatus()).toEqual({ Available: 1, Occupied: 1, 'Charging backwards': 1, Unknown: 1 });
    expect(await poi.get('/v1/evses/DE*ABC*E0003')).toMatchObject({ status: 'Charging backwards' });
    expect(poi.hbs.asked.at(-1)).toEqual(
      { path: '/api/oicp/evsepull/v21/providers/DE-EMP/status-records', body: { ProviderID: 'DE-EMP' } }
    );
  });

  it('publishes nothing when nothing changed', async () => {
    expect(await poi.pull('evse-status')).toMatchObject(
      { state: 'complete', counts: { records: 3, evses: 3, changed: 0, missing: 0 } }
    );
    expect(await poi.newEvents()).toEqual([]);
  });

  it('publishes the differences: a change, a new one, and Unknown for one that is missing, once', async () => {
    poi.hbs.statuses = [status('E0001', 'Occupied'), status(
      'E0003', 'Charging backwards'
    ), status('E0004', 'Available'), status('E0004', 'Occupied')];
    expect((await poi.pull('evse-status')).counts).toMatchObject({ evses: 3, repeats: 1, changed: 2, missing: 1 });
    const events = await poi.newEvents();
    expect(events.map(({ type, key, data }) => `${type} ${key} ${String(data['status'])}`).sort()).toEqual([
      'EvseStatusChanged DEABCE0001 Occupied', 'EvseStatusChanged DEABCE0002 Unknown',
      'EvseStatusChanged DEABCE0004 Available',
    ]);
    expect(events[0]?.data['evseId']).toMatch(/^DE\*ABC\*E/);
    await poi.pull('evse-status');
    expect(await poi.newEvents()).toEqual([]);
  });

  it('that breaks off changes no status', async () => {
    poi.hbs.statuses = Array.from({ length: 3000 }, (_, index) => status(`E${index}`, 'OutOfService'));
    poi.hbs.cutOffStatus = true;
    expect((await poi.pull('evse-status')).state).toBe('failed');
    expect(await poi.newEvents()).toEqual([]);
    expect(await byStatus()).toMatchObject({ Available: 1, Occupied: 1 });
    poi.hbs.cutOffStatus = false;
    expect((await poi.pull('evse-status')).counts).toMatchObject({ changed: 3000, missing: 3 });
  });
});
