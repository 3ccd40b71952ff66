import { readdirSync } from 'node:fs';
import path from 'node:path';
import { faultsOf, operationsOf, type OpenApi } from '@emp/testing';
import { RequestMethod } from '@nestjs/common';
import type { RunningGateway } from '../src/index.ts';
import { Bench, api } from './bench.ts';

const SOURCES = path.resolve(import.meta.dirname, '../src');

let bench: Bench;
let gateway: RunningGateway;
beforeAll(async () => {
  bench = await Bench.open();
  gateway = await bench.start();
}, 30_000);
afterAll(() => bench.close(), 30_000);

/** `get /v1/sessions` … of every controller there is in the sources. */
async function routesOfSources(): Promise<readonly string[]> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.controller.ts'),
  );
  const modules = await Promise.all(
    files.map((file) => import(path.join(SOURCES, file)) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) => Object.values(module)).flatMap(routesOf);
}

function routesOf(controller: unknown): readonly string[] {
  const prefix: unknown = typeof controller === 'function' ? Reflect.getMetadata('path', controller) : undefined;
  if (typeof controller !== 'function' || prefix === undefined) return [];
  const handlers = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(handlers).flatMap((name) => {
    const handler = handlers[name];
    const method: unknown = handler && Reflect.getMetadata('method', handler);
    if (!handler || method === undefined) return [];
    const route = [prefix, Reflect.getMetadata('path', handler)]
      .join('/')
      .split('/')
      .filter((step) => step !== '');
    return `${String(RequestMethod[method as number]).toLowerCase()} /${route.join('/').replaceAll(/:(\w+)/g, '{$1}')}`;
  });
}

describe('the description of the API', () => {
  let document: OpenApi;
  beforeAll(async () => {
    document = (await api<OpenApi>(gateway, '/docs/json')).body;
  });

  it('is OpenAPI that client generators take', () => {
    expect(faultsOf(document)).toEqual([]);
  });

  it('names every route of every controller', async () => {
    const routes = await routesOfSources();
    expect(routes.length).toBeGreaterThan(15);
    expect(operationsOf(document)).toEqual(expect.arrayContaining([...routes]));
  });

  it('says of every change what its body must look like', () => {
    const register = document.paths['/v1/contracts']?.['post'];
    expect(register?.requestBody?.content).toMatchObject({
      'application/json': {
        schema: { properties: { contracts: { items: { properties: { contractId: {}, cards: { type: 'array' } } } } } },
      },
    });
    const withoutBody = operationsOf(document).filter((operation) => {
      const [method = '', route = ''] = operation.split(' ');
      return ['post', 'put', 'patch'].includes(method) && document.paths[route]?.[method]?.requestBody === undefined;
    });
    expect(withoutBody).toEqual([]);
  });

  it('says what bodies must look like and where an Idempotency-Key is heard', () => {
    const change = document.paths['/v1/contracts/{contractRef}']?.['patch'];
    expect(change?.requestBody?.content).toMatchObject({
      'application/json': {
        schema: { properties: { status: { enum: ['active', 'blocked'] }, rules: {}, credit: {} } },
      },
    });
    expect(change?.parameters).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'Idempotency-Key', in: 'header' })]),
    );
  });
});
