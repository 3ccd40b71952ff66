import type { ServicePlace } from '@emp/messaging';
import type { Io } from '../command-line/io.ts';
import { WrongUse } from '../command-line/wrong-use.ts';
import { localDatabases, logAddress } from './open-log.ts';

const SERVICES = ['authorization-gateway', 'cdr-ingest', 'poi-sync', 'billing'] as const;

export const SERVICES_DETAILS = `The databases of the services are those of the local stack, or those of SERVICE_DATABASES:
billing=postgresql://…,cdr-ingest=postgresql://…`;

/** Where the services keep their outboxes and inboxes. */
export async function servicePlaces(io: Io): Promise<readonly ServicePlace[]> {
  const named = io.env['SERVICE_DATABASES'];
  if (named) return named.split(/,(?=[a-z-]+=)/).map(placeOf);
  const { address, from } = await logAddress(io);
  const local = await localDatabases(io).catch(() => undefined);
  if (local === undefined || address !== (local.kafka ?? local.urlOf('broker'))) {
    const advice = 'for example SERVICE_DATABASES=billing=postgresql://…';
    throw new WrongUse(`${from} names another event log than the local stack's, and SERVICE_DATABASES is missing`, advice);
  }
  return SERVICES.map((name) => ({ name, databaseUrl: local.urlOf(name) }));
}

function placeOf(text: string): ServicePlace {
  const [, name, databaseUrl] = /^([a-z-]+)=(postgres(?:ql)?:\/\/.+)$/.exec(text.trim()) ?? [];
  if (name !== undefined && databaseUrl !== undefined) return { name, databaseUrl };
  throw new WrongUse('SERVICE_DATABASES is not <service>=postgresql://…, separated by commas');
}
