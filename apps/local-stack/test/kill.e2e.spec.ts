import { openBroker } from '@emp/messaging';
import { createLog } from '@emp/service-kit';
import { eventually } from '@emp/testing';
import { StackProcess } from './stack-process.ts';

interface Line {
  readonly sessionId: string;
  readonly state: string;
}

/** Every element of a list API, page by page. */
async function all<T>(page: (cursor: string) => Promise<{ readonly items: readonly T[]; readonly nextCursor: string | null }>): Promise<T[]> {
  const items: T[] = [];
  for (let cursor = ''; ; ) {
    const { items: more, nextCursor } = await page(cursor);
    items.push(...more);
    if (nextCursor === null) return items;
    cursor = `&cursor=${nextCursor}`;
  }
}

describe('kill -9 of the whole stack in the middle of a live run', () => {
  let stack: StackProcess;

  beforeAll(async () => {
    stack = await StackProcess.withFreePorts({ TAPS_PER_SECOND: '25', GENERATED_EVSES: '400', SESSION_SECONDS: '2', SPEED: '1' });
  });

  afterAll(() => stack.dispose());

  const acknowledged = async (): Promise<string[]> => {
    const answer = await fetch(stack.url('SIMULATOR_PORT', '/simulator/journal/acknowledged'));
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => (JSON.parse(line) as { sessionId: string }).sessionId);
  };

  const records = (): Promise<Line[]> =>
    all(async (cursor) => {
      const page = await stack.json<{ cdrs: Line[]; nextCursor: string | null }>('CDR_INGEST_PORT', `/v1/cdrs?limit=200${cursor}`);
      return { items: page.cdrs, nextCursor: page.nextCursor };
    });

  const charges = (): Promise<Line[]> =>
    all(async (cursor) => {
      const page = await stack.json<{ charges: Line[]; nextCursor: string | null }>('BILLING_PORT', `/v1/charges?limit=200${cursor}`);
      return { items: page.charges, nextCursor: page.nextCursor };
    });

  /** The sessions of the charges that were ever published, one per event. */
  const publishedCharges = async (): Promise<string[]> => {
    const port = stack.port('POSTGRES_PORT');
    const broker = await openBroker({
      kind: 'postgres',
      address: `postgresql://emp_broker:${stack.databasePassword}@127.0.0.1:${port}/emp_broker`,
      clientId: 'kill-test',
      log: createLog('kill-test', 'silent'),
    });
    const eventIds = new Map<string, string>();
    for await (const { headers, key } of broker.read('emp.billing.v1')) {
      if (headers['ce_type'] === 'ChargeRated') eventIds.set(headers['ce_id'] ?? '', key);
    }
    await broker.close();
    return [...eventIds.values()];
  };

  it('loses no acknowledged record, takes none twice, charges none twice', async () => {
    for (const round of [1, 2]) {
      stack.start([]);
      await stack.untilLive();
      const before = (await acknowledged()).length;
      await eventually(async () => (await acknowledged()).length > before + 60, { withinMs: 120_000, what: `60 records acknowledged in round ${round}` });
      await stack.kill();
    }

    stack.start([], { TAPS_PER_SECOND: '0' });
    await stack.untilLive();
    const sent = await acknowledged();
    expect(sent.length).toBeGreaterThan(120);
    expect(new Set(sent).size).toBe(sent.length);
    await eventually(
      async () => {
        const charged = new Set((await charges()).map((charge) => charge.sessionId));
        return sent.every((sessionId) => charged.has(sessionId));
      },
      { withinMs: 120_000, what: 'every acknowledged record is charged' },
    );

    const stored = (await records()).filter((record) => record.state === 'accepted').map((record) => record.sessionId);
    expect(new Set(stored).size).toBe(stored.length);
    expect(sent.filter((sessionId) => !stored.includes(sessionId))).toEqual([]);

    const charged = (await charges()).map((charge) => charge.sessionId);
    expect(new Set(charged).size).toBe(charged.length);
    const published = await publishedCharges();
    expect(new Set(published).size).toBe(published.length);
    expect(await stack.stop()).toBe(0);
  }, 500_000);
});
