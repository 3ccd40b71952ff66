import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from './generated/client.ts';

export * from './generated/client.ts';

/** Where the migrations lie, for the applier of `@emp/database`. */
export const migrationsDirectory = fileURLToPath(new URL('../migrations', import.meta.url));

/** A client for plain reads; writes go through the visible transactions of `@emp/database`. */
export function createPrismaClient(url: string): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
}
