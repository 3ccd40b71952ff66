import { wireRecord } from './fake-hbs.ts';
import { PoiSyncUnderTest } from './poi-sync-under-test.ts';

interface List { evses: { evseId: string }[]; nextCursor: string | null }

describe('the EVSEs', () => {
  let poi: PoiSyncUnderTest;
  beforeAll(async () => {
    poi = await PoiSyncUnderTest.start();
    const swiss = { Country: 'CHE', City: 'Bern', Street: 'Gasse', HouseNum: '1', PostalCode: '3000' };
    poi.hbs.records = [
      wireRecord('DE*ABC*E1'), wireRecord('DE*ABC*E2'), wireRecord('DE*ABC*E3'),
      wireRecord(
        'CH*XYZ*EMixed*1', { OperatorID: 'CH*XYZ', Address: swiss, GeoCoordinates: { Google: '46.948 7.447' } }
      ),
      wireRecord('+49*536*7', { OperatorID: '+49*536' }),
    ];
    poi.hbs.statuses = [{ EvseID: 'ch*xyz*emixed*1', EvseStatus: 'Occupied' }];
    await poi.pull('evse-data');
    await poi.pull('evse-status');
  });
  afterAll(() => poi.stop());

  const ids = async (query: string) => (await poi.get<List>(`/v1/evses${query}`)).evses.map(({ evseId }) => evseId);

  it.each(['CH*XYZ*EMixed*1', 'CHXYZEMIXED1', 'ch*xyz*emixed1'])('are found by any spelling: %s', async (spelling) => {
    expect(await poi.get(`/v1/evses/${spelling}`)).toMatchObject({
      evseId: 'CH*XYZ*EMixed*1', status: 'Occupied', country: 'CH', timeZone: 'Europe/Zurich', maximumPowerKw: '22',
      positionVerdict: 'plausible',
      findings: { 'evse-id-case': ['/EvseID'] }, record: { EvseID: 'CH*XYZ*EMixed*1', Plugs: ['Type 2 Outlet'] },
    });
  });

  it('with a plus sign and stars are found, encoded or not', async () => {
    expect(await poi.get('/v1/evses/+49*536*7')).toMatchObject({ evseId: '+49*536*7' });
    expect(await poi.get(`/v1/evses/${encodeURIComponent('49*536*7')}`)).toMatchObject({ evseId: '+49*536*7' });
  });

  it('that were never listed are 404', async () => {
    const response = await fetch(`${poi.url}/v1/evses/DE*ABC*E999`);
    expect([response.status, response.headers.get('content-type')]).toEqual(
      [404, expect.stringContaining('application/problem+json')]
    );
  });

  it('are listed by operator and country', async () => {
    expect(await ids('?operator=deabc')).toEqual(['DE*ABC*E1', 'DE*ABC*E2', 'DE*ABC*E3']);
    expect(await ids('?country=CHE')).toEqual(['CH*XYZ*EMixed*1']);
    expect(await ids('?country=de&operator=%2B49*536')).toEqual(['+49*536*7']);
    expect((await fetch(`${poi.url}/v1/evses?country=Atlantis`)).status).toBe(400);
    expect((await fetch(`${poi.url}/v1/evses?limit=none`)).status).toBe(400);
  });

  it('are listed page by page, each once', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: List = await poi.get<List>(`/v1/evses?limit=2&cursor=${encodeURIComponent(cursor)}`);
      expect(page.evses.length).toBeLessThanOrEqual(2);
      seen.push(...page.evses.map(({ evseId }) => evseId));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['+49*536*7', 'CH*XYZ*EMixed*1', 'DE*ABC*E1', 'DE*ABC*E2', 'DE*ABC*E3']);
  });

  it('are measured', async () => {
    const metrics = await (await fetch(`${poi.url}/metrics`)).text();
    expect(metrics).toMatch(/poi_evses\{[^}]*country="DE"[^}]*\} 4/);
    expect(metrics).toMatch(/poi_findings\{[^}]*code="evse-id-case"[^}]*\} 1/);
    expect(metrics).toMatch(/poi_status_age/);
    expect(metrics).toMatch(/poi_pull_duration\w*count\{[^}]*kind="evse-data"/);
  });
});
