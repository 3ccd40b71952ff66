/** One reconciliation in a process of its own, which kills itself (-9) at the step that it is told, or is killed. */
import { Database, type Transaction } from '@emp/database';
import { HbsClient, type CdrPage } from '@emp/hbs-client';
import { Outbox } from '@emp/messaging';
import { createLog } from '@emp/service-kit';
import { FakeClock } from '@emp/testing';
import { Vault } from '@emp/vault';
import { reconcileCdrs } from '../src/reconcile-cdrs/reconcile-cdrs.ts';
import { RECEIVED_AT } from './builders.ts';
import { PULL_POLICY } from './pull-policy.ts';

const { DATABASE_URL: url = '', HBS_URL: baseUrl = '', VAULT_KEYS = '', VAULT_PEPPER = '', DIE = '' } = process.env;

const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
};

/** Dies when a page has arrived, or its transaction is committed, or the watermark is about to move. */
class DyingDatabase extends Database {
  #pages = 0;

  override async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    let pageTaken = false;
    const result = await super.transaction((tx) => work(new Proxy(tx, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member, target);
        if (member !== 'execute') return typeof value === 'function' ? value.bind(target) as unknown : value;
        return (text: string, values?: readonly unknown[]) => {
          if (text.includes('INSERT INTO pull_watermark') && DIE === 'before-watermark') die();
          if (text.includes('INSERT INTO pull_page')) pageTaken = true;
          return target.execute(text, values);
        };
      },
    })));
    if (pageTaken) this.#pages += 1;
    if (pageTaken && DIE === `after-commit-${this.#pages}`) die();
    return result;
  }
}

async function* dyingAfterFetch(pages: AsyncIterable<CdrPage>, window: { CDRForwarded?: boolean }): AsyncGenerator<CdrPage> {
  for await (const page of pages) {
    if (DIE === 'after-fetch' && window.CDRForwarded === undefined && page.number === 1) die();
    yield page;
  }
}

const log = createLog('victim', 'silent');
const clock = new FakeClock(RECEIVED_AT);
const client = new HbsClient({ baseUrl, log, clock });
await reconcileCdrs(
  {
    database: new DyingDatabase({ url, applicationName: 'victim' }), outbox: new Outbox({ source: 'cdr-ingest' }),
    vault: Vault.fromKeys(VAULT_KEYS, VAULT_PEPPER), clock, log,
    client: { getChargeDetailRecords: (request, paging) => dyingAfterFetch(client.getChargeDetailRecords(request, paging), request) },
  },
  PULL_POLICY,
  { id: 'run-0', trigger: 'schedule', order: { kind: 'regular', providers: ['DE-EMP'] }, signal: new AbortController().signal, begun: () => undefined },
);
