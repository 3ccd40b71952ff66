import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { certificatePairs, hbsVariables } from './hbs-variables.ts';
import { connectionIdsOf } from './provider-settings.ts';

const schema = z.object(hbsVariables).superRefine(certificatePairs);
const minimal = { HBS_URL: 'https://hbs.example/api/oicp', PROVIDERS: 'DE-EMP:online' };
const complaintsOf = (more: object): readonly string[] => {
  const read = schema.safeParse({ ...minimal, ...more });
  return read.success ? [] : read.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`);
};

describe('PROVIDERS', () => {
  it('names ids with their modes, and hubs', () => {
    const { PROVIDERS } = schema.parse({ ...minimal, PROVIDERS: 'DE-EMP:online, DE-OFL:offline,DE*SUB:hybrid:DE*EMP' });
    expect(PROVIDERS.map(({ providerId, mode, hub }) => [providerId, mode, hub]))
      .toEqual([['DE-EMP', 'online', null], ['DE-OFL', 'offline', null], ['DE*SUB', 'hybrid', 'DE-EMP']]);
    expect(PROVIDERS[0]).toMatchObject({ brand: null, uploads: ['rfid', 'qr', 'plug-and-charge', 'remote'], clientCertificates: [] });
    expect(connectionIdsOf(PROVIDERS)).toEqual(['DE-EMP', 'DE-OFL']);
  });

  it.each([
    ['DE-EMP', '"DE-EMP" is not of the form'],
    ['DE-EMP:sometimes', 'is not of the form'],
    ['nobody:online', 'is not of the form'],
    ['DE-EMP:online:DE-HUB:more', 'is not of the form'],
    ['DE-EMP:online,DE*EMP:offline', 'DE*EMP is named twice'],
    ['DE-SUB:online:DE-HUB', 'DE-HUB, the hub of DE-SUB, is not listed itself'],
    ['DE-HUB:online,DE-SUB:online:DE-HUB,DE-TOO:online:DE-SUB', 'DE-SUB, the hub of DE-TOO, is no hub: it is behind one'],
    ['@/nowhere/providers.json', '/nowhere/providers.json cannot be read'],
  ])('%s is refused', (PROVIDERS, complaint) => {
    expect(complaintsOf({ PROVIDERS })).toEqual([expect.stringContaining(complaint)]);
  });

  describe('as a file', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'providers-'));
    const place = path.join(directory, 'providers.json');
    const fileOf = (value: unknown): object => {
      writeFileSync(place, JSON.stringify(value));
      return { PROVIDERS: `@${place}` };
    };
    afterAll(() => rmSync(directory, { recursive: true }));

    it('says everything', () => {
      const given = {
        id: 'DE-OFL', mode: 'offline', brand: 'Roam', uploads: ['rfid'],
        clientCertificates: [{ certFile: '/a.crt', keyFile: '/a.key', passphrase: 'x' }, { certFile: '/b.crt', keyFile: '/b.key' }],
      };
      const { id, ...rest } = given;
      expect(schema.parse({ ...minimal, ...fileOf([given, { id: 'DE-SUB', mode: 'offline', hub: 'DE-OFL' }]) }).PROVIDERS).toEqual([
        { providerId: id, hub: null, ...rest },
        { providerId: 'DE-SUB', mode: 'offline', hub: 'DE-OFL', brand: null, uploads: expect.anything(), clientCertificates: [] },
      ]);
    });

    it.each([
      [[], '/: '],
      [[{ id: 'DE-EMP', mode: 'onlin' }], '/0/mode: '],
      [[{ id: 'DE-EMP', mode: 'online', brnad: 'x' }], '/0: Unrecognized key: "brnad"'],
      [[{ id: 'DE-EMP', mode: 'online', clientCertificates: [{ certFile: 'a' }] }], '/0/clientCertificates/0/keyFile: '],
      [[{ id: 'DE-EMP', mode: 'online' }, { id: 'DE-SUB', mode: 'online', hub: 'DE-EMP', clientCertificates: [{ certFile: 'a', keyFile: 'b' }] }],
        'DE-SUB is behind DE-EMP: the certificate is that of DE-EMP'],
    ])('that contradicts itself is refused with its place', (value, complaint) => {
      expect(complaintsOf(fileOf(value)).join()).toContain(complaint);
    });
  });
});

describe('the variables about HBS', () => {
  it.each([['qa', 'https://service-qa.hubject.com/api/oicp'], ['prod', 'https://service.hubject.com/api/oicp']])(
    'know %s by name', (HBS_URL, url) => expect(schema.parse({ ...minimal, HBS_URL }).HBS_URL).toBe(url));

  it.each([
    [{ HBS_URL: 'somewhere' }, 'HBS_URL: qa, prod or a URL including /api/oicp is expected'],
    [{ HBS_CERT_FILE: 'a' }, 'HBS_KEY_FILE: HBS_CERT_FILE and HBS_KEY_FILE belong together'],
    [{ HBS_OTHER_KEY_FILE: 'a' }, 'HBS_OTHER_CERT_FILE: HBS_OTHER_CERT_FILE and HBS_OTHER_KEY_FILE belong together'],
    [{ HBS_CALLS_PER_MINUTE: 'PullEvseData:0' }, 'HBS_CALLS_PER_MINUTE: "PullEvseData:0" is not of the form'],
    [{ HBS_CALLS_PER_MINUTE: 'Pull:5' }, 'HBS_CALLS_PER_MINUTE: "Pull:5" is not of the form'],
  ])('%j is refused', (more, complaint) => {
    expect(complaintsOf(more)).toEqual([expect.stringContaining(complaint)]);
  });

  it('take other limits than the published ones', () => {
    expect(schema.parse({ ...minimal, HBS_CALLS_PER_MINUTE: 'PullEvseData:100, GetChargeDetailRecords:20' }).HBS_CALLS_PER_MINUTE)
      .toEqual({ PullEvseData: 100, GetChargeDetailRecords: 20 });
  });
});
