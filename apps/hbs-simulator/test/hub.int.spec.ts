import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { eventually } from '@emp/testing';
import { TestWorld, type Parsed } from './world.ts';

const DATA = '/evsepull/v23/providers/DE-EMP/data-records';
const MINIMAL = { ProviderID: 'DE-EMP', GeoCoordinatesResponseFormat: 'DecimalDegree' };
const CARD = '04A2B3C4D5E680';

describe('HBS as an EMP meets it', () => {
  let world: TestWorld;
  beforeAll(async () => { world = await TestWorld.open(); });
  afterAll(() => world.close());

  it('serves the network page by page, with Process-ID, nulls and Spring members', async () => {
    const ids: string[] = [];
    for (let page = 0; ; page += 1) {
      const { json, headers } = await world.hub(`${DATA}?page=${page}&size=100`, MINIMAL);
      expect(headers.get('process-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(json).toMatchObject({ number: page, size: 100, totalElements: 304, totalPages: 4, last: page === 3, empty: false });
      for (const record of json['content'] as Record<string, Parsed>[]) {
        expect(record['OperatorID']).toEqual(expect.any(String));
        expect(record).toHaveProperty('MaxCapacity', null);
        expect(typeof record['GeoCoordinates'].Google).toBe('string');
        ids.push(record['EvseID']);
      }
      if (json['last'] === true) break;
    }
    expect(ids).toHaveLength(304);
    expect(ids).toContain('DE*SIM*E0001*1');
  });

  it('never gives more than 2000 a page, and 20 without being asked', async () => {
    expect((await world.hub(DATA, MINIMAL)).json).toMatchObject({ size: 20, numberOfElements: 20 });
    expect((await world.hub(`${DATA}?size=9999`, MINIMAL)).json).toMatchObject({ size: 2_000, numberOfElements: 304 });
  });

  it('refuses what it cannot read with a FaultBody, and an id that is not in the path with 017', async () => {
    const unreadable = await world.hub(DATA, '{"ProviderID":');
    expect({ status: unreadable.status, ...unreadable.json }).toMatchObject({ status: 400, extendedInfo: null });
    expect((await world.hub(DATA, {})).json['validationErrors']).toEqual([{ fieldReference: 'providerID', errorMessage: 'may not be null' }]);
    const foreign = await world.hub(DATA, { ...MINIMAL, ProviderID: 'DE-XYZ' });
    expect({ status: foreign.status, ...foreign.json }).toMatchObject({ status: 401, StatusCode: { Code: '017', AdditionalInfo: null } });
  });

  it('tells the status of all, of some, of one operator', async () => {
    const all = await world.hub('/evsepull/v21/providers/DE-EMP/status-records', { ProviderID: 'DE-EMP' });
    const operators = all.json['EvseStatuses'].OperatorEvseStatus as { OperatorID: string; EvseStatusRecord: unknown[] }[];
    expect(operators.reduce((sum, one) => sum + one.EvseStatusRecord.length, 0)).toBe(304);
    const some = await world.hub('/evsepull/v21/providers/DE-EMP/status-records-by-id', {
      ProviderID: 'DE-EMP', EvseID: ['DE*SIM*E0001*1', 'DE*NIL*E1'],
    });
    expect(some.json['EVSEStatusRecords'].EvseStatusRecord).toEqual([
      { EvseID: 'DE*SIM*E0001*1', EvseStatus: 'Available' }, { EvseID: 'DE*NIL*E1', EvseStatus: 'EvseNotFound' },
    ]);
    const one = await world.hub('/evsepull/v21/providers/DE-EMP/status-records-by-operator-id', { ProviderID: 'DE-EMP', OperatorID: ['DE*SIM'] });
    expect(one.json['EvseStatuses'].OperatorEvseStatus).toHaveLength(1);
  });

  it('has a price for every operator, some of them only the default price', async () => {
    const { json } = await world.hub('/dynamicpricing/v10/providers/DE-EMP/pricing-products', { OperatorIDs: [] });
    const products = json['PricingProductData'] as { PricingProductDataRecords: unknown[]; PricingDefaultPrice: number }[];
    const summary = (await world.call('GET', '/simulator/summary')).json;
    expect(products).toHaveLength(summary['network'].operators);
    expect(products.filter((one) => one.PricingProductDataRecords.length === 0).length).toBeGreaterThan(0);
    const sim = await world.hub('/dynamicpricing/v10/providers/DE-EMP/evse-pricing', { ProviderID: 'DE-EMP', OperatorIDs: ['DE*SIM'] });
    expect(sim.json['EVSEPricing'][0].EVSEPricing[0]).toEqual({ EvseID: 'DE*SIM*E0001*1', ProviderID: '*', EvseIDProductList: ['DC'] });
  });

  it('starts and stops a session remotely, and refuses the stop after its record', async () => {
    const start = (EvseID: string): ReturnType<TestWorld['hub']> => world.hub('/charging/v21/providers/DE-EMP/authorize-remote/start', {
      ProviderID: 'DE-EMP', EvseID, Identification: { RemoteIdentification: { EvcoID: 'DE-EMP-C00000001-X' } },
    });
    expect((await start('DE*NIL*E1')).json).toMatchObject({ Result: false, SessionID: null, StatusCode: { Code: '300' } });
    expect((await start('DE*SIM*E9999')).json).toMatchObject({ Result: false, StatusCode: { Code: '603' } });
    const { json } = await start('DE*SIM*E0002*1');
    expect(json).toMatchObject({ Result: true, StatusCode: { Code: '000' } });
    expect((await start('DE*SIM*E0002*1')).json).toMatchObject({ Result: false, StatusCode: { Code: '602' } });
    const stop = (): ReturnType<TestWorld['hub']> => world.hub('/charging/v21/providers/DE-EMP/authorize-remote/stop', {
      SessionID: json['SessionID'], ProviderID: 'DE-EMP', EvseID: 'DE*SIM*E0002*1',
    });
    expect((await stop()).json).toMatchObject({ Result: true });
    const record = await eventually(() => world.emp.at('/charge-detail-record').find(({ body }) => body['SessionID'] === json['SessionID']));
    expect(record.body['Identification']).toMatchObject({ RemoteIdentification: { EvcoID: 'DE-EMP-C00000001-X' }, RFIDMifareFamilyIdentification: null });
    await eventually(async () => (await stop()).status === 400);
    expect((await stop()).json).toEqual({ StatusCode: { Code: '400', Description: 'Session is invalid.', AdditionalInfo: null } });
  });

  it('reserves, refuses a second reservation, and records the end with 0 kWh', async () => {
    const reserve = (): ReturnType<TestWorld['hub']> => world.hub('/reservation/v11/providers/DE-EMP/reservation-start-request', {
      ProviderID: 'DE-EMP', EvseID: 'DE*SIM*E0002*2', Duration: 30, Identification: { RemoteIdentification: { EvcoID: 'DE-EMP-C00000001-X' } },
    });
    const { json } = await reserve();
    expect(json).toMatchObject({ Result: true });
    expect((await reserve()).json).toMatchObject({ Result: false, StatusCode: { Code: '601' } });
    await world.hub('/reservation/v11/providers/DE-EMP/reservation-stop-request', { SessionID: json['SessionID'], ProviderID: 'DE-EMP', EvseID: 'DE*SIM*E0002*2' });
    const record = await eventually(() => world.emp.at('/charge-detail-record').find(({ body }) => body['SessionID'] === json['SessionID']));
    expect(record.text).toContain('"ConsumedEnergy":0.000');
  });

  it('takes pushes by §7.5: insert of an existing and update of a missing card change nothing', async () => {
    const codes: string[] = [];
    const push = async (action: string, uids: readonly string[]): Promise<void> => {
      codes.push(`${action} ${(await world.pushCards('DE-OFL', uids, action)).json['StatusCode'].Code as string}`);
    };
    await push('fullLoad', [CARD]);
    await push('insert', ['04000000000001', CARD]);
    await push('update', ['04000000000001']);
    await push('insert', ['04000000000001']);
    await push('delete', ['04000000000001', '04000000000002']);
    expect(codes).toEqual(['fullLoad 000', 'insert 009', 'update 009', 'insert 000', 'delete 000']);
    expect((await world.call('GET', '/simulator/summary')).json['authenticationData']).toEqual({ 'DE-OFL': 1 });
    await push('fullLoad', []);
    expect((await world.call('GET', '/simulator/summary')).json['authenticationData']).toEqual({ 'DE-OFL': 0 });
  });

  it('refuses pushes that overlap', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `04${String(index).padStart(12, '0')}`);
    const answers = await Promise.all([1, 2, 3].map(() => world.pushCards('DE-OFL', many)));
    const codes = answers.map(({ json }) => json['StatusCode'].Code as string).toSorted();
    expect(codes[0]).toBe('000');
    expect(codes.at(-1)).toBe('009');
  });

  it('loses answers of pushes, and pushes, when told to', async () => {
    const held = async (): Promise<unknown> => (await world.call('GET', '/simulator/summary')).json['authenticationData'];
    await world.pushCards('DE-OFL', [CARD]);
    await world.call('PUT', '/simulator/faults', { pushLost: 1 });
    await expect(world.pushCards('DE-OFL', ['04000000000001'], 'insert')).rejects.toThrow();
    expect(await held()).toEqual({ 'DE-OFL': 1 });
    await world.call('PUT', '/simulator/faults', { pushAnswerLost: 1 });
    await expect(world.pushCards('DE-OFL', ['04000000000001'], 'insert')).rejects.toThrow();
    expect(await held()).toEqual({ 'DE-OFL': 2 });
    await world.call('PUT', '/simulator/faults', { refusedIdentifications: ['04000000000002'] });
    expect((await world.pushCards('DE-OFL', ['04000000000002'], 'insert')).json['StatusCode'].Code).toBe('022');
    await world.call('PUT', '/simulator/faults', {});
  });

  it('plays the proxy when told to', async () => {
    await world.call('PUT', '/simulator/faults', { htmlForbidden: 1 });
    const forbidden = await world.hub(DATA, MINIMAL);
    expect({ status: forbidden.status, type: forbidden.headers.get('content-type'), id: forbidden.headers.get('process-id') })
      .toEqual({ status: 403, type: expect.stringContaining('text/html'), id: null });
    await world.call('PUT', '/simulator/faults', { tooManyRequests: 1, retryAfterSeconds: 7 });
    const many = await world.hub(DATA, MINIMAL);
    expect([many.status, many.headers.get('retry-after')]).toEqual([429, '7']);
    await world.call('PUT', '/simulator/faults', { down: true });
    await expect(world.hub(DATA, MINIMAL)).rejects.toThrow();
    expect((await world.call('PUT', '/simulator/faults', { dwon: true })).json['detail']).toContain('dwon');
    await world.call('PUT', '/simulator/faults', {});
    expect((await world.hub(DATA, MINIMAL)).status).toBe(200);
  });
});

describe('a feed in place of the generated network', () => {
  let world: TestWorld;
  const feed = (evses: readonly string[]): string => JSON.stringify({
    EVSEData: [{ OperatorID: 'CH*ABC', OperatorName: 'ABC', EVSEDataRecord: evses.map((EvseID) => ({ EvseID, ChargingStationId: 'S1' })) }],
  });
  const write = async (name: string, content: string | Buffer): Promise<string> => {
    const place = path.join(world.directory, name);
    await writeFile(place, content);
    return place;
  };
  beforeAll(async () => { world = await TestWorld.open(); });
  afterAll(() => world.close());

  it('is served in its own spelling, plain or packed, with its status', async () => {
    const statuses = JSON.stringify({ EVSEStatuses: [{ EVSEStatusRecord: [{ EvseID: 'CH*ABC*E1', EVSEStatus: 'Occupied' }] }] });
    const loaded = await world.call('POST', '/simulator/network', {
      path: await write('feed.json.gz', gzipSync(feed(['CH*ABC*E1', 'CH*ABC*EMixed']))), statusPath: await write('status.json', statuses),
    });
    expect(loaded.json).toEqual({ evses: 2, operators: 1 });
    const { content } = (await world.hub(DATA, MINIMAL)).json as { content: Record<string, unknown>[] };
    expect(content[1]).toMatchObject({ EvseID: 'CH*ABC*EMixed', OperatorID: 'CH*ABC', OperatorName: 'ABC', ChargingStationId: 'S1', Plugs: null });
    expect(content[1]).not.toHaveProperty('ChargingStationID');
    const status = await world.hub('/evsepull/v21/providers/DE-EMP/status-records-by-id', { ProviderID: 'DE-EMP', EvseID: ['CH*ABC*E1'] });
    expect(status.json['EVSEStatusRecords'].EvseStatusRecord[0].EvseStatus).toBe('Occupied');
  });

  it('answers a delta pull with what changed', async () => {
    await world.call('POST', '/simulator/network', { feed: await write('one.json', feed(['CH*ABC*E1', 'CH*ABC*E2'])) });
    const lastCall = new Date(Date.now() + 1).toISOString();
    await eventually(() => Date.now() > Date.parse(lastCall));
    await world.call('POST', '/simulator/network', { feed: await write('two.json', feed(['CH*ABC*E1', 'CH*ABC*E3'])) });
    const { content } = (await world.hub(DATA, { ...MINIMAL, LastCall: lastCall })).json as { content: Record<string, unknown>[] };
    expect(content.map((record) => [record['EvseID'], record['deltaType']])).toEqual([['CH*ABC*E3', 'insert'], ['CH*ABC*E2', 'delete']]);
  });

  it.each([
    ['is not JSON', '{\n "EVSEData": [}', /line 2, column 15 \(offset 16\)/, { line: 2, column: 15, offset: 16 }],
    ['has another shape', '{"features": []}', /a list "EVSEData" was expected, but there is an object with features/, {}],
    ['is damaged', Buffer.from([0x1f, 0x8b, 1, 2, 3]), /cannot be unpacked/, {}],
  ])('that %s is refused with a helpful problem', async (_what, content, detail, members) => {
    const { status, json } = await world.call('POST', '/simulator/network', { feed: await write('bad.json', content) });
    expect({ status, ...json }).toMatchObject({ status: 422, detail: expect.stringMatching(detail), ...members });
  });

  it('that is not there is named', async () => {
    const { json } = await world.call('POST', '/simulator/network', { feed: '/nowhere/feed.json' });
    expect(json['detail']).toContain('/nowhere/feed.json cannot be read');
  });
});
