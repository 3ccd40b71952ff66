import { readFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { Module } from '@nestjs/common';
import { eventually, freePort, testDatabase, type TestDatabase } from '@emp/testing';
import { z } from 'zod';
import { commonVariables, createLog, portVariable, readConfig, startService, type RunningService } from '../src/index.ts';

const MESSAGING = new URL('../../messaging/sql/messaging.sql', import.meta.url);

@Module({})
class Nothing {}

describe('a service that is started while its database is away', () => {
  let databases: TestDatabase[];
  let databasePort: number;
  let port: number;
  let proxy: Server | undefined;
  beforeEach(async () => {
    databases = await Promise.all([testDatabase(), testDatabase()]);
    await databases[0]?.database.query(await readFile(MESSAGING, 'utf8'));
    [databasePort, port] = [await freePort(), await freePort()];
  });
  afterEach(async () => {
    proxy?.close();
    await Promise.all(databases.map((database) => database.close()));
  });

  const start = (patienceSeconds: number): Promise<RunningService> => {
    const [service, broker] = databases.map(({ url }) => Object.assign(new URL(url), { port: databasePort }).href);
    const config = readConfig(z.object({ ...commonVariables, PORT: portVariable(0) }), {
      DATABASE_URL: service, BROKER_URL: broker, MIGRATE_ON_START: 'false', PORT: String(port),
      START_PATIENCE_SECONDS: String(patienceSeconds),
    });
    const log = createLog('small', 'silent');
    return startService({ name: 'small', config, migrationsDirectory: '', module: () => Nothing, log });
  };
  const bringDatabaseBack = (): void => {
    const { hostname, port: realPort } = new URL(databases[0]?.url ?? '');
    proxy = createServer((socket) => {
      const server = connect(Number(realPort), hostname);
      socket.pipe(server).pipe(socket);
      for (const end of [socket, server]) end.on('error', () => { socket.destroy(); server.destroy(); });
    }).listen(databasePort, '127.0.0.1');
  };
  const status = async (path: string): Promise<number> => (await fetch(`http://127.0.0.1:${port}${path}`)).status;

  it('lives, is not ready, and serves when it is back', async () => {
    const starting = start(60);
    starting.catch(() => undefined);
    await eventually(async () => (await status('/health/live')) === 200);
    expect(await status('/health/ready')).toBe(503);
    bringDatabaseBack();
    const service = await starting;
    expect(await status('/health/ready')).toBe(200);
    await service.stop();
  }, 30_000);

  it('gives up when its patience is over, and leaves the port', async () => {
    await expect(start(0)).rejects.toMatchObject({ slug: 'database-unavailable', retry: 'helps' });
    await expect(status('/health/live')).rejects.toThrow();
  });
});
