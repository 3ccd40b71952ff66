import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually, freePort } from '@emp/testing';
import { HbsClient } from '../src/hbs-client.ts';
import type { HbsClientOptions } from '../src/options.ts';
import { TestAuthority, type Pem } from './certificates.ts';
import { FakeHbs, html, json } from './fake-hbs.ts';

const STATUS = { ProviderID: 'DE-EMP', EvseID: ['DE*ABC*E1'] };
const START = { ProviderID: 'DE-EMP', EvseID: 'DE*ABC*E1', Identification: { RemoteIdentification: { EvcoID: 'DE-EMP-C12345678-X' } } };

const openssl = spawnSync('openssl', ['version']).status === 0;

describe('mutual TLS', () => {
  let hubject: TestAuthority;
  let directory: string;
  let hbs: FakeHbs;
  const clients: HbsClient[] = [];

  const place = (name: string): string => path.join(directory, name);
  const write = async (name: string, pem: Pem): Promise<void> => {
    await writeFile(place(`${name}.key`), pem.key);
    await writeFile(place(`${name}.crt`), pem.cert);
  };
  const clientWith = (names: readonly string[], more: Partial<HbsClientOptions> = {}): HbsClient => {
    const log = (): void => undefined;
    const client = new HbsClient({
      baseUrl: hbs.baseUrl,
      log: { debug: log, info: log, warn: log },
      backOffMs: 5,
      limits: { perMinute: { PullEvseStatusById: 100_000, AuthorizeRemoteStart: 100_000 } },
      tls: {
        clientCertificates: names.map((name) => ({ certFile: place(`${name}.crt`), keyFile: place(`${name}.key`) })),
        caFile: place('ca.crt'),
        reloadEveryMs: 20,
      },
      ...more,
    });
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'hbs-tls-'));
    hubject = await TestAuthority.create('Hubject Test CA');
    await writeFile(place('ca.crt'), hubject.cert);
    hbs = await FakeHbs.open({ server: await hubject.issue('hbs'), ca: hubject.cert });
    hbs.behaviour = (_call, response) =>
      json(response, 200, { Result: true, EVSEStatusRecords: { EvseStatusRecord: [] }, StatusCode: { Code: '000' } });
  });
  afterEach(async () => { for (const client of clients.splice(0)) await client.close(); });
  afterAll(async () => {
    await hbs.close();
    await rm(directory, { recursive: true });
  });

  it('shows the certificate of the files', async () => {
    await write('one', await hubject.issue('DEEMP one'));
    expect(await clientWith(['one']).pullEvseStatusById(STATUS)).toMatchObject({ ok: true });
    expect(hbs.calls.at(-1)?.client).toBe('DEEMP one');
  });

  (openssl ? it : it.skip)('takes an alert in the handshake for what it is: nothing was sent', async () => {
    const stranger = await TestAuthority.create('Somebody Else');
    await write('foreign', await stranger.issue('DEEMP foreign'));
    await write('server', await hubject.issue('hbs'));
    const port = await freePort();
    const server = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-www', '-Verify', '1', '-verify_return_error', '-CAfile', place('ca.crt'),
      '-cert', place('server.crt'), '-key', place('server.key')], { stdio: 'ignore' });
    try {
      const client = clientWith(['foreign'], { baseUrl: `https://127.0.0.1:${port}/api/oicp` });
      await eventually(async () => {
        expect(await client.authorizeRemoteStart(START)).toMatchObject({ ok: false, reason: 'unauthorized', retry: 'useless' });
        return true;
      });
    } finally {
      server.kill();
    }
  });

  it('cannot tell a server that just hangs up from an answer that was lost, and does not repeat a remote start', async () => {
    const stranger = await TestAuthority.create('Somebody Else');
    await write('foreign', await stranger.issue('DEEMP foreign'));
    expect(await clientWith(['foreign']).authorizeRemoteStart(START)).toMatchObject({ ok: false, reason: 'timeout', retry: 'useless' });
  });

  it('falls back also when the newer is only hung up on, and from then on for remote starts too', async () => {
    await write('older', await hubject.issue('DEEMP older', 20));
    await write('newer', await (await TestAuthority.create('Not Yet Known')).issue('DEEMP newer', 1));
    const client = clientWith(['older', 'newer']);
    expect(await client.pullEvseStatusById(STATUS)).toMatchObject({ ok: true });
    expect(await client.authorizeRemoteStart(START)).toMatchObject({ ok: true });
    expect(hbs.calls.at(-1)?.client).toBe('DEEMP older');
  });

  it('does not talk to a server of another authority', async () => {
    await write('one', await hubject.issue('DEEMP one'));
    const stranger = await TestAuthority.create('Somebody Else');
    const impostor = await FakeHbs.open({ server: await stranger.issue('hbs'), ca: hubject.cert });
    expect(await clientWith(['one'], { baseUrl: impostor.baseUrl }).authorizeRemoteStart(START)).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(impostor.calls).toEqual([]);
    await impostor.close();
  });

  it.each([
    ['by nginx', 'nginx'],
    ['by HBS with 017', 'hbs'],
  ] as const)('tries the newer of two and falls back when it is refused %s, a remote start too', async (_where, refuser) => {
    await write('older', await hubject.issue('DEEMP older', 20));
    await write('newer', await hubject.issue('DEEMP newer', 1));
    const before = hbs.behaviour;
    hbs.play((call, response, number) => {
      if (call.client !== 'DEEMP newer') return before(call, response, number);
      return refuser === 'nginx' ? html(response, 400, 'The SSL certificate error') : json(response, 401, { StatusCode: { Code: '017' } });
    });
    const client = clientWith(['older', 'newer']);
    expect(await client.authorizeRemoteStart(START)).toMatchObject({ ok: true });
    await client.authorizeRemoteStart(START);
    expect(hbs.calls.map((call) => call.client)).toEqual(['DEEMP newer', 'DEEMP older', 'DEEMP older']);
    hbs.behaviour = before;
  });

  it('swaps certificates under load without losing a call', async () => {
    await write('swapped', await hubject.issue('DEEMP before', 5));
    const before = hbs.behaviour;
    hbs.play((call, response, number) => { setTimeout(() => void before(call, response, number), 15); });
    const client = clientWith(['swapped']);
    const results: string[] = [];
    let stop = false;
    const load = Array.from({ length: 8 }, async () => {
      while (!stop) {
        const result = await client.pullEvseStatusById(STATUS);
        results.push(result.ok ? 'ok' : `${result.reason}: ${result.detail}`);
      }
    });
    await eventually(() => results.length > 20);
    // The key is written before the certificate: for a moment they do not belong together.
    await write('swapped', await hubject.issue('DEEMP after', 1));
    await eventually(() => hbs.calls.some((call) => call.client === 'DEEMP after'));
    const swapped = results.length;
    await eventually(() => results.length > swapped + 30);
    stop = true;
    await Promise.all(load);
    expect(results.filter((result) => result !== 'ok')).toEqual([]);
    expect(hbs.calls.at(-1)?.client).toBe('DEEMP after');
    expect(hbs.calls.every((call) => call.client === 'DEEMP before' || call.client === 'DEEMP after')).toBe(true);
    hbs.behaviour = before;
  });

  it('names the file when there is no usable certificate, and recovers when there is', async () => {
    const client = clientWith(['absent']);
    const refused = await client.pullEvseStatusById(STATUS);
    expect(refused).toMatchObject({ ok: false, reason: 'unreachable', retry: 'helps', detail: expect.stringContaining('absent.crt') });
    await write('absent', await hubject.issue('DEEMP late'));
    expect(await client.pullEvseStatusById(STATUS)).toMatchObject({ ok: true });
  });
});
