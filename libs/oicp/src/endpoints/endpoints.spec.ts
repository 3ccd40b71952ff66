import { endpointList, endpointPath, ENDPOINTS, endpointUrl, HBS_BASE_URLS, isMessageKind, STATUS_CODES, statusCode, statusCodeEntry, type OperationName } from '../index.ts';

describe('the catalogue of endpoints', () => {
  it('has every operation of the provider, named as its key', () => {
    expect(endpointList()).toHaveLength(18);
    for (const [name, { operation }] of Object.entries(ENDPOINTS)) expect(operation).toBe(name);
  });

  it.each(endpointList())('$operation is complete', (endpoint) => {
    expect(endpoint.path).toMatch(/^\/[a-z]+\//);
    expect(endpoint.path.includes('{providerID}')).toBe(endpoint.direction === 'emp-to-hbs');
    expect(isMessageKind(endpoint.reply)).toBe(true);
    expect(endpoint.request === undefined).toBe(endpoint.method === 'GET');
    expect(endpoint.perMinute).toBeGreaterThan(0);
    expect(endpoint.timeoutMs).toBeGreaterThan(0);
  });

  it('never repeats a start blindly', () => {
    const careful = endpointList().filter(({ retry }) => retry === 'never-blindly').map(({ operation }) => operation);
    expect(careful).toEqual(['AuthorizeRemoteStart', 'AuthorizeRemoteReservationStart']);
  });

  it('waits longer for a remote start than HBS does', () => {
    expect(ENDPOINTS.AuthorizeRemoteStart.timeoutMs).toBeGreaterThan(60_000);
  });

  it('fills ids in as HBS expects them: star, hyphen and plus unencoded', () => {
    expect(endpointPath('PullEvseData', { providerID: 'DE*ABC' })).toBe('/evsepull/v23/providers/DE*ABC/data-records');
    expect(endpointPath('AuthorizeStart', { operatorID: '+49*536' })).toBe('/charging/v21/operators/+49*536/authorize/start');
    expect(endpointPath('NgpContracts', { providerID: 'DE-EMP', operatorID: 'a/b' })).toBe('/contracts/v1/providers/DE-EMP/operators/a%2Fb');
    expect(endpointPath('NgpContracts', {})).toContain('{providerID}');
  });

  it('keeps QA and PROD apart', () => {
    expect(HBS_BASE_URLS.qa.oicp).toBe('https://service-qa.hubject.com/api/oicp');
    expect(HBS_BASE_URLS.prod.premium).toBe('https://service.hubject.com/api/premium');
  });

  it('makes whole addresses', () => {
    expect(endpointUrl('PullEvseStatus', 'qa', { providerID: 'DE-EMP' }))
      .toBe('https://service-qa.hubject.com/api/oicp/evsepull/v21/providers/DE-EMP/status-records');
    expect(endpointUrl('NgpContracts', 'prod')).toMatch(/^https:\/\/service\.hubject\.com\/api\/premium\/contracts\/v1\//);
    expect(endpointUrl('ChargingNotification', 'prod')).toBe('/api/oicp/notificationmgmt/v11/charging-notifications');
  });

  it('has paths that no two operations share', () => {
    const paths = (Object.keys(ENDPOINTS) as OperationName[]).map((name) => ENDPOINTS[name].path);
    expect(new Set(paths).size).toBe(paths.length);
  });
});

describe('status codes', () => {
  it('are the 31 of the specification, each under its own code', () => {
    expect(Object.keys(STATUS_CODES)).toHaveLength(31);
    for (const [code, entry] of Object.entries(STATUS_CODES)) {
      expect(entry.code).toBe(code);
      expect(entry.description).toMatch(/\.$/);
      expect(entry.senders.length).toBeGreaterThan(0);
    }
  });

  it('are written with their standard text, free text apart and not too long', () => {
    expect(statusCode('102')).toEqual({ Code: '102', Description: 'RFID Authentication failed – invalid UID.' });
    expect(statusCode('009', 'x'.repeat(2000)).AdditionalInfo).toHaveLength(1000);
  });

  it('do not know the names of Object', () => {
    expect([statusCodeEntry('toString'), statusCodeEntry('404'), statusCodeEntry('000')?.meaning]).toEqual([undefined, undefined, 'done']);
  });
});
