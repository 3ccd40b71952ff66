import { X509Certificate } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import path from 'node:path';
import { eventually } from '@emp/testing';
import { Authority, DoorFiles, type Pem } from '../src/bench/support/authority.ts';
import { readGatewayConfig, type RunningGateway } from '../src/index.ts';
import { Bench } from './bench.ts';
import { CARDS, START, ask, newSession, rfid } from './messages.ts';

let bench: Bench;
let authority: Authority;
let stranger: Authority;
let hbs: Pem;
let files: DoorFiles;
beforeAll(async () => {
  bench = await Bench.open();
  authority = await Authority.create('HBS CA');
  stranger = await Authority.create('another CA');
  hbs = await authority.issue('hbs');
});
beforeEach(async () => {
  files = await DoorFiles.create(await authority.issue('door'), authority.cert);
});
afterEach(() => rmSync(files.directory, { recursive: true, force: true }));
afterAll(() => bench.close());

const open = (more: Readonly<Record<string, string>> = {}): Promise<RunningGateway> =>
  bench.start({ ...files.environment, DOOR_TLS_RELOAD_SECONDS: '0.05', ...more });

/** The answer's status code, or the code of what went wrong with the connection. */
function askAs(gateway: RunningGateway, client: Partial<Pem>, trusted = authority, agent?: Agent): Promise<string> {
  const url = new URL(`${gateway.doorUrl}/api/oicp${START}`);
  const tls = { ...client, ca: trusted.cert, ...(agent ? { agent } : {}) };
  return new Promise((resolve) => {
    const where = { method: 'POST', host: url.hostname, port: url.port, path: url.pathname };
    const asking = request({ ...where, ...tls }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve((JSON.parse(text) as { StatusCode: { Code: string } }).StatusCode.Code));
    });
    asking.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    asking.end(JSON.stringify(ask(newSession(), rfid(CARDS.unknown))));
  });
}

const metrics = async (gateway: RunningGateway): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text();

describe('the door with mutual TLS', () => {
  it('lets in who has a certificate of the authority, and nobody else', async () => {
    const gateway = await open();
    expect(gateway.doorUrl).toMatch(/^https:/);
    expect(await askAs(gateway, hbs)).toBe('102');
    expect(await askAs(gateway, {})).not.toMatch(/^\d+$/);
    expect(await askAs(gateway, await stranger.issue('hbs'))).not.toMatch(/^\d+$/);
    expect(await metrics(gateway)).toMatch(/emp_door_refusals\w*\{[^}]*reason="handshake-failed"[^}]*\} 2/);
    expect(await metrics(gateway)).toMatch(/emp_door_certificate_valid_until_seconds\S* \d{10}/);
    await bench.stop(gateway);
  });

  it('lets in only the certificates that are listed', async () => {
    const fingerprint = new X509Certificate(hbs.cert).fingerprint256;
    const gateway = await open({ DOOR_TLS_CLIENT_FINGERPRINTS: `${'0'.repeat(64)}, ${fingerprint}` });
    expect(await askAs(gateway, hbs)).toBe('102');
    expect(await askAs(gateway, await authority.issue('hbs'))).not.toMatch(/^\d+$/);
    expect(await metrics(gateway)).toMatch(/emp_door_refusals\w*\{[^}]*reason="fingerprint-not-allowed"[^}]*\} 1/);
    await bench.stop(gateway);
  });

  it('sends away other addresses before the handshake', async () => {
    const gateway = await open({ DOOR_ALLOWED_ADDRESSES: '192.0.2.0/24 2001:db8::/32' });
    for (let knocks = 0; knocks < 5; knocks += 1) expect(await askAs(gateway, hbs)).not.toMatch(/^\d+$/);
    expect(await metrics(gateway)).toMatch(/emp_door_refusals\w*\{[^}]*reason="address-not-allowed"[^}]*\} 5/);
    await bench.logLine('address-not-allowed');
    expect(bench.log.split('\n').filter((line) => line.includes('address-not-allowed'))).toHaveLength(1);
    await bench.stop(gateway);
    const friendly = await open({ DOOR_ALLOWED_ADDRESSES: '127.0.0.0/8' });
    expect(await askAs(friendly, hbs)).toBe('102');
    await bench.stop(friendly);
  });

  it('takes new certificates and another authority without a restart', async () => {
    const gateway = await open();
    const keeping = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await askAs(gateway, hbs, authority, keeping)).toBe('102');
    await files.write({ ...(await stranger.issue('door')), ca: stranger.cert });
    const successor = await stranger.issue('hbs');
    expect(await eventually(async () => (await askAs(gateway, successor, stranger)) === '102')).toBe(true);
    // Neither a connection that is open, nor a session that is resumed, gets the old certificate in again.
    expect(await askAs(gateway, hbs, authority, keeping)).not.toMatch(/^\d+$/);
    keeping.destroy();
    await bench.stop(gateway);
  });

  it('goes on with what it has while a pair is half written, and says so once', async () => {
    const gateway = await open();
    const next = await authority.issue('door');
    await files.write({ cert: next.cert });
    // Of these files: other tests change theirs, too.
    const complaint = path.join(files.directory, 'key.pem: it is not the key of the certificate');
    expect((await bench.logLine(complaint))['msg']).toBe('door certificates unusable, the old ones stay');
    expect(await askAs(gateway, hbs)).toBe('102');
    const reloads = (): number => bench.log.split('door certificates reloaded').length - 1;
    const before = reloads();
    await files.write({ key: next.key });
    await eventually(() => reloads() > before);
    expect(await askAs(gateway, hbs)).toBe('102');
    expect(bench.log.split('\n').filter((line) => line.includes(complaint))).toHaveLength(1);
    await bench.stop(gateway);
  });

  it('does not open with a key of another certificate', async () => {
    await files.write({ key: (await authority.issue('door')).key });
    await expect(open()).rejects.toMatchObject({ slug: 'door-certificates-unusable' });
  });
});

describe('the configuration of the door', () => {
  const read = (env: Readonly<Record<string, string>>): ReturnType<typeof readGatewayConfig> =>
    readGatewayConfig({
      DATABASE_URL: 'postgresql://x/x',
      HBS_URL: 'http://x/',
      PROVIDERS: 'DE-EMP:online',
      VAULT_KEYS: bench.secrets.keys,
      VAULT_PEPPER: bench.secrets.pepper,
      ...env,
    });

  it('has another port with TLS', () => {
    expect(read({}).DOOR_PORT).toBe(8080);
    expect(read({ ...files.environment, DOOR_HOST: '0.0.0.0' }).DOOR_PORT).toBe(8443);
  });

  it.each([
    [{ DOOR_HOST: '0.0.0.0' }, 'DOOR_HOST is malformed'],
    [{ DOOR_TLS_CERT_FILE: 'x' }, 'DOOR_TLS_KEY_FILE is missing; DOOR_TLS_CLIENT_CA_FILE is missing'],
    [{ DOOR_TLS_CLIENT_FINGERPRINTS: 'a'.repeat(64) }, 'DOOR_TLS_CLIENT_FINGERPRINTS is malformed'],
    [{ DOOR_TLS_CLIENT_FINGERPRINTS: 'abc' }, 'DOOR_TLS_CLIENT_FINGERPRINTS is malformed'],
    [{ DOOR_ALLOWED_ADDRESSES: '10.0.0.0/64' }, 'DOOR_ALLOWED_ADDRESSES is malformed'],
  ])('refuses %j', (env, message) => {
    expect(() => read(env)).toThrow(message);
  });
});
