/** One reconciliation in a process of its own, which a test kills. */
import { Database } from '@emp/database';
import { HbsClient } from '@emp/hbs-client';
import { Outbox } from '@emp/messaging';
import { createLog } from '@emp/service-kit';
import { FakeClock } from '@emp/testing';
import { Vault } from '@emp/vault';
import { reconcileCdrs } from '../src/reconcile-cdrs/reconcile-cdrs.ts';
import { RECEIVED_AT } from './builders.ts';

const { DATABASE_URL: url = '', HBS_URL: baseUrl = '', VAULT_KEYS = '', VAULT_PEPPER = '' } = process.env;
const log = createLog('victim', 'silent');
const clock = new FakeClock(RECEIVED_AT);
await reconcileCdrs(
  {
    database: new Database({ url, applicationName: 'victim' }), outbox: new Outbox({ source: 'cdr-ingest' }),
    vault: Vault.fromKeys(VAULT_KEYS, VAULT_PEPPER), client: new HbsClient({ baseUrl, log, clock }), clock, log,
  },
  { providers: ['DE-EMP'], overlapHours: 72, lookBackDays: 3, windowHours: 168, pageSize: 2 },
  { id: 'run-0', trigger: 'schedule', signal: new AbortController().signal, begun: () => undefined },
);
