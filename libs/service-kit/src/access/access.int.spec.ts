import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { eventually } from '@emp/testing';
import { Controller, Delete, Get, Post } from '@nestjs/common';
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { startSmallService } from '../../test/small-service.ts';
import type { RunningService } from '../running-service.ts';
import { Caller, RequireScope } from './access.guard.ts';
import type { CallerIdentity } from './caller-identity.ts';

const sha = (key: string): string => createHash('sha256').update(key).digest('hex');

@Controller('things')
class Things {
  @Get()
  read(@Caller() caller: CallerIdentity): unknown {
    return { name: caller.name, by: caller.by, secrets: caller.has('secrets') };
  }

  @Post()
  write(@Caller() caller: CallerIdentity): unknown {
    return { name: caller.name };
  }

  @Delete()
  @RequireScope('admin')
  remove(): string {
    return 'gone';
  }
}

interface Answer {
  readonly status: number;
  readonly challenge: string | null;
  readonly type: string | null;
  readonly text: string;
}

async function ask(
  service: RunningService,
  method: string,
  headers: Readonly<Record<string, string>> = {},
  where = '/things',
): Promise<Answer> {
  const response = await fetch(`${service.url}${where}`, { method, headers });
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    type: response.headers.get('content-type'),
    text: await response.text(),
  };
}
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe('an API with keys', () => {
  let service: RunningService;
  let directory: string;
  let file: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'api-keys-'));
    file = path.join(directory, 'keys');
    await writeFile(file, `reader:read:${sha('reading key')}\n`);
    service = await startSmallService([Things], {
      API_KEYS: `writer:read+write:${sha('writing-key')}`,
      API_KEYS_FILE: file,
    });
  }, 30_000);
  afterAll(async () => {
    await service.stop();
    await rm(directory, { recursive: true });
  });

  it('lets nobody in without one, and says how', async () => {
    const { status, challenge, type, text } = await ask(service, 'GET');
    expect([status, challenge, type]).toEqual([
      401,
      'Bearer realm="emp"',
      expect.stringContaining('application/problem+json'),
    ]);
    expect(JSON.parse(text)).toMatchObject({
      type: 'urn:emp:problem:credentials-missing',
      detail: expect.stringContaining('X-API-Key'),
    });
  });

  it('refuses an unknown key without repeating it', async () => {
    const { status, challenge, text } = await ask(service, 'GET', { 'x-api-key': 'wrong-key-9' });
    expect([status, challenge]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
    expect(text + challenge).not.toContain('wrong-key-9');
  });

  it('takes read for reading, write for the rest, and what a route asks for instead', async () => {
    expect(JSON.parse((await ask(service, 'GET', bearer('writing-key'))).text)).toEqual({
      name: 'writer',
      by: 'api-key',
      secrets: false,
    });
    expect(await ask(service, 'POST', bearer('writing-key'))).toMatchObject({ status: 201, text: '{"name":"writer"}' });
    expect((await ask(service, 'GET', { 'x-api-key': 'reading key' })).status).toBe(200);
    const refused = await ask(service, 'POST', { 'x-api-key': 'reading key' });
    expect(refused).toMatchObject({
      status: 403,
      challenge: 'Bearer realm="emp", error="insufficient_scope", scope="write"',
    });
    expect(JSON.parse(refused.text)).toMatchObject({ type: 'urn:emp:problem:scope-missing', scope: 'write' });
    expect((await ask(service, 'DELETE', bearer('writing-key'))).status).toBe(403);
  });

  it('leaves health, metrics and documents open, and counts refusals by reason', async () => {
    for (const where of ['/health/live', '/health/ready', '/asyncapi.json']) {
      expect((await ask(service, 'GET', {}, where)).status).toBe(200);
    }
    const metrics = await ask(service, 'GET', {}, '/metrics');
    expect(metrics.text).toMatch(/api_refusals_total\{[^}]*reason="scope-missing"/);
  });

  it('follows its file: a new key works, a withdrawn one does not; a broken file changes nothing', async () => {
    const statusWith = async (key: string): Promise<number> => (await ask(service, 'GET', { 'x-api-key': key })).status;
    await writeFile(`${file}.new`, `other:read:${sha('other key')}\n`);
    await rename(`${file}.new`, file);
    await eventually(async () => (await statusWith('other key')) === 200 || undefined, { what: 'the new key works' });
    expect(await statusWith('reading key')).toBe(401);
    await writeFile(`${file}.new`, 'no keys at all');
    await rename(`${file}.new`, file);
    // Longer than a look at the file is good for.
    const until = performance.now() + 700;
    await eventually(
      async () => {
        expect(await statusWith('other key')).toBe(200);
        return performance.now() > until || undefined;
      },
      { what: 'the file was looked at again' },
    );
  });
});

describe('an API with tokens', () => {
  let service: RunningService;
  let issuer: Server;
  let privateKey: CryptoKey;
  let fetches = 0;
  const token = (
    claims: Record<string, unknown> = {},
    key: CryptoKey | Uint8Array = privateKey,
    alg = 'ES256',
  ): Promise<string> =>
    new SignJWT({
      iss: 'https://id.example',
      aud: 'emp',
      sub: 'ann',
      exp: Math.floor(Date.now() / 1_000) + 60,
      scope: 'read write',
      ...claims,
    })
      .setProtectedHeader({ alg, kid: '1' })
      .sign(key);

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    privateKey = pair.privateKey;
    const keySet = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: '1', alg: 'ES256' }] });
    issuer = createServer((_, response) => {
      fetches += 1;
      response.setHeader('content-type', 'application/json').end(keySet);
    });
    await new Promise<void>((resolve) => void issuer.listen(0, '127.0.0.1', resolve));
    service = await startSmallService([Things], {
      JWT_ISSUER: 'https://id.example',
      JWT_AUDIENCE: 'emp',
      JWT_JWKS_URL: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/keys`,
    });
  }, 30_000);
  afterAll(async () => {
    await service.stop();
    issuer.close();
  });

  it('knows the caller by sub and scopes, and fetches the key set once', async () => {
    expect(
      JSON.parse((await ask(service, 'GET', bearer(await token({ scope: undefined, scp: ['read', 'secrets'] })))).text),
    ).toEqual({
      name: 'ann',
      by: 'jwt',
      secrets: true,
    });
    expect((await ask(service, 'POST', bearer(await token()))).status).toBe(201);
    expect((await ask(service, 'POST', bearer(await token({ scope: 'read' })))).status).toBe(403);
    expect(fetches).toBe(1);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['has expired', { exp: 1_000 }, 'it has expired'],
    ['never expires', { exp: undefined }, 'its claim "exp" is missing'],
    ['is for somebody else', { aud: 'shop' }, 'its claim "aud" is not the expected one'],
    ['is of another issuer', { iss: 'https://evil.example' }, 'its claim "iss" is not the expected one'],
    ['is nobody’s', { sub: undefined }, 'its claim "sub" is missing'],
  ])('refuses a token that %s', async (_, claims, why) => {
    const presented = await token(claims);
    const answer = await ask(service, 'GET', bearer(presented));
    expect(answer).toMatchObject({ status: 401, text: expect.stringContaining(JSON.stringify(why).slice(1, -1)) });
    expect(answer.text + answer.challenge).not.toContain(presented);
  });

  it('refuses another key and another algorithm', async () => {
    const stranger = await generateKeyPair('ES256');
    expect((await ask(service, 'GET', bearer(await token({}, stranger.privateKey)))).text).toContain(
      'signature does not fit',
    );
    expect((await ask(service, 'GET', bearer(await token({}, new Uint8Array(32).fill(1), 'HS256')))).text).toContain(
      'RS256 or ES256',
    );
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"ann"}').toString('base64url')}.`;
    expect((await ask(service, 'GET', bearer(none))).status).toBe(401);
  });
});

describe('an API without keys or tokens', () => {
  it('is open on loopback, but never to secrets', async () => {
    const service = await startSmallService([Things]);
    try {
      expect(JSON.parse((await ask(service, 'GET')).text)).toEqual({ name: 'local', by: 'open', secrets: false });
      expect((await ask(service, 'POST')).status).toBe(201);
    } finally {
      await service.stop();
    }
  }, 30_000);

  it.each<[Record<string, string>, string]>([
    [{ HOST: '0.0.0.0' }, 'HOST=0.0.0.0 opens the API to the network: set API_KEYS_FILE, API_KEYS, or JWT_ISSUER with'],
    [{ JWT_ISSUER: 'x' }, 'JWT_AUDIENCE, JWT_JWKS_URL missing'],
    [{ JWT_ISSUER: 'x', JWT_AUDIENCE: 'y', JWT_JWKS_URL: 'http://id.example/keys' }, 'JWT_JWKS_URL must be https'],
    [{ API_KEYS_FILE: '/nowhere/keys' }, 'API_KEYS_FILE cannot be read: '],
    [{ API_KEYS: 'my key' }, 'API_KEYS, entry 1'],
  ])('does not start open to the network, or half configured (%#)', async (variables, message) => {
    await expect(startSmallService([Things], variables)).rejects.toMatchObject({
      slug: 'configuration-invalid',
      message: expect.stringContaining(message) as string,
    });
  });
});
