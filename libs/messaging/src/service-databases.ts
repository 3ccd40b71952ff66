import { Database } from '@emp/database';

/** Where a service keeps its outbox and inboxes. */
export interface ServicePlace {
  /** As it calls itself in `ce_source`. */
  readonly name: string;
  readonly databaseUrl: string;
}

export interface OpenedService {
  readonly name: string;
  readonly database: Database;
}

/** Connects to the databases of services, for tools that look at several, and closes them after `work`. */
export async function withServices<T>(places: readonly ServicePlace[], work: (services: readonly OpenedService[]) => Promise<T>): Promise<T> {
  const services = places.map(({ name, databaseUrl }) => ({
    name, database: new Database({ url: databaseUrl, applicationName: 'event tools', maxConnections: 2 }),
  }));
  try {
    return await work(services);
  } finally {
    for (const { database } of services) await database.close();
  }
}
