import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@emp/kernel';
import { testDatabase, type TestDatabase } from '@emp/testing';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { z } from 'zod';
import type { HbsClient } from '../src/hbs-client.ts';
import { ensureHbsTables } from '../src/limits/shared-rate-limiter.ts';
import { certificatePairs, hbsVariables } from '../src/settings/hbs-variables.ts';
import { openHbsClient } from '../src/settings/open-hbs-client.ts';
import { TestAuthority } from './certificates.ts';
import { FakeHbs, json } from './fake-hbs.ts';

const silent = (): void => undefined;
const log = { debug: silent, info: silent, warn: silent };
const schema = z.object(hbsVariables).superRefine(certificatePairs);

describe('a client as the configuration says', () => {
  let directory: string;
  let hbs: FakeHbs;
  let shared: TestDatabase;
  const clients: HbsClient[] = [];
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('test');
  const place = (name: string): string => path.join(directory, name);

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'hbs-settings-'));
    const hubject = await TestAuthority.create('Hubject Test CA');
    await writeFile(place('ca.crt'), hubject.cert);
    for (const [name, sinceDays] of [['older', 20], ['newer', 1], ['own', 1]] as const) {
      const pem = await hubject.issue(name, sinceDays);
      await writeFile(place(`${name}.crt`), pem.cert);
      await writeFile(place(`${name}.key`), pem.key);
    }
    await writeFile(place('providers.json'), JSON.stringify([
      { id: 'DE-EMP', mode: 'online' },
      { id: 'DE-OFL', mode: 'offline', clientCertificates: [{ certFile: place('own.crt'), keyFile: place('own.key') }] },
    ]));
    hbs = await FakeHbs.open({ server: await hubject.issue('hbs'), ca: hubject.cert });
    shared = await testDatabase();
    await ensureHbsTables(shared.database);
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await hbs.close();
    await shared.close();
    await rm(directory, { recursive: true });
  });

  const open = (more: object = {}): HbsClient => {
    const config = schema.parse({
      HBS_URL: hbs.baseUrl, PROVIDERS: `@${place('providers.json')}`, HBS_CA_FILE: place('ca.crt'),
      HBS_CERT_FILE: place('older.crt'), HBS_KEY_FILE: place('older.key'),
      HBS_OTHER_CERT_FILE: place('newer.crt'), HBS_OTHER_KEY_FILE: place('newer.key'), ...more,
    });
    const client = openHbsClient(config, { database: shared.database, log, clock: systemClock, meter }, { backOffMs: 5 });
    clients.push(client);
    return client;
  };
  const stop = (client: HbsClient, ProviderID: string): ReturnType<HbsClient['authorizeRemoteStop']> =>
    client.authorizeRemoteStop({ SessionID: 'b2688855-7f00-0002-6d8e-48d883f6abb6', ProviderID, EvseID: 'DE*ABC*E1' });

  it('shows each provider id its own certificate, and of two the newer', async () => {
    hbs.play((_call, response) => json(response, 200, { Result: true, StatusCode: { Code: '000' } }));
    const client = open();
    for (const id of ['DE-EMP', 'DE-OFL', 'DE*OFL']) expect(await stop(client, id)).toMatchObject({ ok: true });
    expect(hbs.calls.map((call) => call.client)).toEqual(['newer', 'own', 'own']);
  });

  it('falls back to the other of two while HBS does not accept the newer', async () => {
    hbs.play((call, response) => call.client === 'newer'
      ? json(response, 401, { StatusCode: { Code: '017' } }) : json(response, 200, { Result: true, StatusCode: { Code: '000' } }));
    expect(await stop(open(), 'DE-EMP')).toMatchObject({ ok: true });
    expect(hbs.calls.map((call) => call.client)).toEqual(['newer', 'older']);
  });

  it('shares what Hubject allows among all replicas', async () => {
    hbs.play((_call, response) => json(response, 200, { EVSEStatusRecords: { EvseStatusRecord: [] }, StatusCode: { Code: '000' } }));
    const replicas = [open({ HBS_CALLS_PER_MINUTE: 'PullEvseStatusById:5' }), open({ HBS_CALLS_PER_MINUTE: 'PullEvseStatusById:5' })];
    await replicas[0]?.pullEvseStatusById({ ProviderID: 'DE-EMP', EvseID: ['DE*ABC*E1'] });
    const rows = await shared.database.query<{ waits: boolean }>(
      `SELECT full_at > now() + interval '10 seconds' AS waits FROM hbs_rate_limit WHERE bucket LIKE '%|DEEMP|PullEvseStatusById'`);
    expect(rows).toEqual([{ waits: true }]);
    // The second replica's call would have to wait for the first one's turn to pass; closing ends the wait unsent.
    const waiting = replicas[1]?.pullEvseStatusById({ ProviderID: 'DE-EMP', EvseID: ['DE*ABC*E1'] });
    await replicas[1]?.close();
    expect(await waiting).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(hbs.calls).toHaveLength(1);
  });

  it('measures every call by operation, outcome and provider id', async () => {
    await reader.forceFlush();
    const points = exporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics.find(({ descriptor }) => descriptor.name === 'hbs_call_duration')?.dataPoints;
    expect(points?.map(({ attributes }) => attributes)).toContainEqual({ operation: 'AuthorizeRemoteStop', outcome: 'ok', provider: 'DE-OFL' });
  });
});
