import { readFile } from 'node:fs/promises';
import type { Type } from '@nestjs/common';
import { testDatabase } from '@emp/testing';
import { Module } from '@nestjs/common';
import { z } from 'zod';
import {
  commonVariables,
  createLog,
  portVariable,
  readConfig,
  startService,
  type RunningService,
} from '../src/index.ts';

const MESSAGING = new URL('../../messaging/sql/messaging.sql', import.meta.url);

/** A service of these controllers alone, on a fresh database; `stop()` drops the database, too. */
export async function startSmallService(
  controllers: readonly Type[],
  variables: Readonly<Record<string, string>> = {},
): Promise<RunningService> {
  const [service, broker] = await Promise.all([testDatabase(), testDatabase()]);
  const drop = async (): Promise<void> => {
    await service.close();
    await broker.close();
  };
  @Module({ controllers: [...controllers] })
  class Small {}
  try {
    await service.database.query(await readFile(MESSAGING, 'utf8'));
    const config = readConfig(z.object({ ...commonVariables, PORT: portVariable(0) }), {
      DATABASE_URL: service.url,
      BROKER_URL: broker.url,
      MIGRATE_ON_START: 'false',
      LOG_LEVEL: 'silent',
      ...variables,
    });
    const log = createLog('small', 'silent');
    const running = await startService({ name: 'small', config, migrationsDirectory: '', module: () => Small, log });
    return {
      ...running,
      stop: async () => {
        await running.stop();
        await drop();
      },
    };
  } catch (error) {
    await drop();
    throw error;
  }
}
