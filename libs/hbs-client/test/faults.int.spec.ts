import { gzipSync } from 'node:zlib';
import { HbsClient } from '../src/hbs-client.ts';
import type { ObservedCall } from '../src/options.ts';
import { FakeHbs, html, json, PROCESS_ID, type Behaviour } from './fake-hbs.ts';

const EVSE = 'DE*ABC*E1234*1';
const START = { ProviderID: 'DE-EMP', EvseID: EVSE, Identification: { RemoteIdentification: { EvcoID: 'DE-EMP-C12345678-X' } } };
const STOP = { SessionID: 'b2688855-7f00-0002-6d8e-48d883f6abb6', ProviderID: 'DE-EMP', EvseID: EVSE };
const STATUS = { ProviderID: 'DE-EMP', EvseID: [EVSE] };
const WINDOW = { ProviderID: 'DE-EMP', From: '2026-05-01T00:00:00Z', To: '2026-05-02T00:00:00Z' };
const fullLoad = (action = 'fullLoad') => ({
  ActionType: action, ProviderAuthenticationData: { ProviderID: 'DE-EMP', AuthenticationDataRecord: [] },
});

const yes: Behaviour = (_call, response) => json(response, 200, { Result: true, StatusCode: { Code: '000' }, SessionID: STOP.SessionID });
const storm: Behaviour = (_call, response) => html(response.setHeader('retry-after', '0'), 429, 'Too Many Requests');
const cutOff: Behaviour = (_call, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000', 'process-id': PROCESS_ID });
  response.write('{"Result": tr', () => response.destroy());
};
const drip: Behaviour = (_call, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'process-id': PROCESS_ID });
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
};
const silent: Behaviour = () => undefined;
const status = (code: string, httpStatus = 200): Behaviour => (_call, response) =>
  json(response, httpStatus, { StatusCode: { Code: code, Description: 'said so', AdditionalInfo: null } });
const statuses: Behaviour = (_call, response) =>
  json(response, 200, { EVSEStatusRecords: { EvseStatusRecord: [{ EvseID: EVSE, EvseStatus: 'Available' }] }, StatusCode: { Code: '000' } });

describe('the HBS client', () => {
  let hbs: FakeHbs;
  let client: HbsClient;
  let seen: ObservedCall[];
  let logged: string;
  const newClient = (more: object = {}): HbsClient => {
    const log = (facts: object, event: string): void => { logged += `${event} ${JSON.stringify(facts)}\n`; };
    return new HbsClient({
      baseUrl: hbs.baseUrl, log: { debug: log, info: log, warn: log }, backOffMs: 5, observe: (call) => seen.push(call),
      ...more,
    });
  };
  /** For answers that never come in full; whoever answers is not given up, however busy the machine. */
  const impatient = async <T>(ask: (client: HbsClient) => Promise<T>): Promise<T> => {
    const short = newClient({ timeouts: { AuthorizeRemoteStart: 500, AuthorizeRemoteStop: 500 } });
    try {
      return await ask(short);
    } finally {
      await short.close();
    }
  };
  beforeAll(async () => { hbs = await FakeHbs.open(); });
  afterAll(() => hbs.close());
  beforeEach(() => {
    seen = [];
    logged = '';
    client = newClient();
  });
  afterEach(() => client.close());

  it('asks as §2.2 says and keeps the Process-ID', async () => {
    hbs.play(yes);
    const result = await client.authorizeRemoteStart(START);
    expect(result).toMatchObject({ ok: true, processId: PROCESS_ID, httpStatus: 200, message: { Result: true, SessionID: STOP.SessionID } });
    expect(hbs.calls[0]?.path).toBe('/api/oicp/charging/v21/providers/DE-EMP/authorize-remote/start');
    expect(JSON.parse(hbs.calls[0]?.text ?? '')).toEqual(START);
    expect(logged).toContain(PROCESS_ID);
  });

  it('never logs what is in the messages', async () => {
    hbs.play(status('210', 403));
    await client.authorizeRemoteStart(START);
    expect(logged).toContain('hbs call failed');
    expect(logged).not.toContain('12345678');
  });

  describe('decodes by shape (§2.5)', () => {
    it.each([
      ['a refusal in a 200', (_c, r) => json(r, 200, { Result: false, StatusCode: { Code: '510', Description: null } }),
        { reason: 'refused', statusCode: { Code: '510' }, processId: PROCESS_ID, retry: 'useless' }],
      ['a bare status code in a 401', status('017', 401), { reason: 'unauthorized', statusCode: { Code: '017' }, httpStatus: 401, retry: 'useless' }],
      ['an invalid session in a 401', status('400', 401), { reason: 'refused', statusCode: { Code: '400' }, retry: 'useless' }],
      ['no contract in a 403', status('210', 403), { reason: 'refused', statusCode: { Code: '210' }, retry: 'useless' }],
      ['a closed session in a 404', status('400', 404), { reason: 'refused', statusCode: { Code: '400' }, httpStatus: 404, retry: 'useless' }],
      ['no partner in a 404', status('300', 404), { reason: 'refused', statusCode: { Code: '300' }, retry: 'useless' }],
      ['a FaultBody', (_c, r) => json(r, 400, {
        extendedInfo: null, message: 'Error parsing/validating JSON.', validationErrors: [{ fieldReference: 'evseID', errorMessage: 'may not be null' }],
      }), { reason: 'fault', httpStatus: 400, detail: 'HTTP 400: Error parsing/validating JSON.; evseID: may not be null', retry: 'useless' }],
      ['nginx refusing the address', (_c, r) => html(r, 403, '403 Forbidden'), { reason: 'foreign', httpStatus: 403, processId: null, retry: 'useless' }],
      ['nginx refusing the certificate', (_c, r) => html(r, 400, '400 The SSL certificate error'), { reason: 'unauthorized', retry: 'useless' }],
      ['an HTML page in a 200', (_c, r) => html(r, 200, 'Welcome'), { reason: 'foreign', httpStatus: 200, retry: 'useless' }],
    ] as [string, Behaviour, object][])('%s, asked once', async (_what, behaviour, expected) => {
      hbs.play(behaviour);
      expect(await client.authorizeRemoteStart(START)).toMatchObject({ ok: false, ...expected });
      expect(hbs.calls).toHaveLength(1);
    });
  });

  describe('never repeats a remote start that may have arrived (§2.8)', () => {
    it.each([
      ['an answer that is cut off', cutOff, 'timeout'],
      ['a gateway that lost patience', (_c, r) => html(r, 504, 'Gateway Time-out'), 'timeout'],
      ['a proxy that waited in vain', (_c, r) => html(r, 408, 'Request Timeout'), 'timeout'],
      ['a FaultBody that is HBS\'s own', (_c, r) => json(r, 500, { extendedInfo: null, message: 'oops', validationErrors: [] }), 'fault'],
      ['a system error of HBS', status('001', 500), 'refused'],
      ['a service that is not available', (_c, r) => html(r, 503, 'Service Unavailable'), 'foreign'],
    ] as [string, Behaviour, string][])('%s', async (_what, behaviour, reason) => {
      hbs.play(behaviour, yes);
      expect(await client.authorizeRemoteStart(START)).toMatchObject({ ok: false, reason, retry: 'useless', done: 'perhaps' });
      expect(hbs.calls).toHaveLength(1);
    });

    it.each([['no answer in time', silent], ['an answer that drips too slowly', drip]])('%s', async (_what, behaviour) => {
      hbs.play(behaviour);
      const answer = await impatient((short) => short.authorizeRemoteStart(START));
      expect(answer).toMatchObject({ ok: false, reason: 'timeout', retry: 'useless', done: 'perhaps' });
      expect(hbs.calls).toHaveLength(1);
    });

    it('but one that was turned away by 429', async () => {
      hbs.play(storm, yes);
      expect(await client.authorizeRemoteStart(START)).toMatchObject({ ok: true });
      expect(hbs.calls).toHaveLength(2);
    });

    it('and says that a later one may help if nobody was there', async () => {
      const nobody = newClient({ baseUrl: 'http://127.0.0.1:9/api/oicp' });
      expect(await nobody.authorizeRemoteStart(START)).toMatchObject({ ok: false, reason: 'unreachable', retry: 'helps', done: 'no' });
      expect(seen).toHaveLength(2);
      await nobody.close();
    });
  });

  it('takes no success for an answer that lacks what was asked for (E-39)', async () => {
    hbs.play(status('000'));
    expect(await client.pullPricingProductData('DE-EMP', { OperatorIDs: ['DE*ABC'] })).toMatchObject({
      ok: false, reason: 'foreign', retry: 'useless', detail: 'HTTP 200 and code 000, but it is no PricingProductData: its content is missing',
    });
  });

  it('forgets no try that may have arrived, whatever a later one says', async () => {
    hbs.play(cutOff, status('400', 404));
    expect(await client.authorizeRemoteStop(STOP)).toMatchObject({
      ok: false, reason: 'refused', statusCode: { Code: '400' }, done: 'perhaps',
    });
    hbs.play(status('400', 404));
    expect(await client.authorizeRemoteStop(STOP)).toMatchObject({ ok: false, reason: 'refused', done: 'no' });
  });

  it('repeats a stop and a pull through everything that passes', async () => {
    hbs.play(silent);
    expect(await impatient((short) => short.authorizeRemoteStop(STOP))).toMatchObject({ ok: false, reason: 'timeout', retry: 'helps' });
    expect(hbs.calls).toHaveLength(3);
    hbs.play(cutOff, cutOff, yes);
    expect(await client.authorizeRemoteStop(STOP)).toMatchObject({ ok: true });
    hbs.play(cutOff, status('001', 500), (_c, r) => html(r, 502, 'Bad Gateway'), storm, statuses);
    expect(await client.pullEvseStatusById(STATUS)).toMatchObject({ ok: true, message: { EVSEStatusRecords: { EvseStatusRecord: [{ EvseID: EVSE }] } } });
    expect(seen.slice(-5).map(({ outcome, attempt }) => [outcome, attempt]))
      .toEqual([['timeout', 1], ['refused', 2], ['timeout', 3], ['rate-limited', 4], ['ok', 5]]);
  });

  it('gives up a pull after five tries and tells that later may help', async () => {
    hbs.play(storm);
    expect(await client.pullEvseStatusById(STATUS)).toMatchObject({ ok: false, reason: 'rate-limited', httpStatus: 429, retry: 'helps' });
    expect(hbs.calls).toHaveLength(5);
  });

  it('waits as long as Retry-After asks', async () => {
    hbs.play((_c, r) => html(r.setHeader('retry-after', '1'), 429, 'slow down'), statuses);
    await client.pullEvseStatusById(STATUS);
    expect((hbs.calls[1]?.at ?? 0) - (hbs.calls[0]?.at ?? 0)).toBeGreaterThanOrEqual(950);
  });

  it('repeats a full load but no insert after an ambiguous outcome', async () => {
    hbs.play(cutOff, yes);
    expect(await client.pushAuthenticationData(fullLoad() as never)).toMatchObject({ ok: true });
    hbs.play(cutOff, yes);
    expect(await client.pushAuthenticationData(fullLoad('insert') as never)).toMatchObject({ ok: false, reason: 'timeout', retry: 'useless' });
    expect(hbs.calls).toHaveLength(1);
  });

  it('pushes one after the other', async () => {
    let under = 0;
    let most = 0;
    hbs.play(async (_call, response) => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
      yes({ path: '', text: '', at: 0, client: undefined }, response, 0);
    });
    await Promise.all([1, 2, 3, 4].map(() => client.pushAuthenticationData(fullLoad() as never)));
    expect([most, hbs.calls.length]).toEqual([1, 4]);
  });

  describe('walks pages', () => {
    const record = (n: number): object => ({ SessionID: `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`, EvseID: EVSE,
      Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } }, SessionStart: '2026-05-01T10:00:00Z',
      SessionEnd: '2026-05-01T11:00:00Z', ConsumedEnergy: 11.25 });
    const page = (number: number, records: readonly number[], more: object): Behaviour => (_call, response) =>
      json(response, 200, { content: records.map(record), number, size: 2, StatusCode: null, pageable: {}, ...more });

    it('to the last, also when one is cut off in the middle and records shift', async () => {
      hbs.play(page(0, [1, 2], { totalPages: 2, last: false }), cutOff, page(1, [2, 3], { totalPages: 3, last: false }), page(2, [4], { totalPages: 3, last: true }));
      const ids: unknown[] = [];
      for await (const one of client.getChargeDetailRecords(WINDOW, { pageSize: 2 })) {
        ids.push(...one.message.content.map(({ SessionID }) => Number(SessionID?.slice(-3))));
        expect(one.text).toContain('11.25');
        expect(one.processId).toBe(PROCESS_ID);
      }
      expect(ids).toEqual([1, 2, 2, 3, 4]);
      expect(hbs.calls.map(({ path }) => path.split('?')[1])).toEqual(['page=0&size=2', 'page=1&size=2', 'page=1&size=2', 'page=2&size=2']);
    });

    it('and throws with a slug when a page cannot be had', async () => {
      hbs.play(page(0, [1], { totalPages: 9 }), status('210', 403));
      const walk = async (): Promise<void> => { for await (const _page of client.getChargeDetailRecords(WINDOW)) void _page; };
      await expect(walk()).rejects.toMatchObject({ slug: 'hbs-refused', retry: 'useless', details: { statusCode: '210', processId: PROCESS_ID } });
    });
  });

  describe('reads the status of the whole network as a stream', () => {
    const document = (records: number): string => JSON.stringify({
      EvseStatuses: { OperatorEvseStatus: [{ OperatorID: 'DE*ABC', EvseStatusRecord: Array.from({ length: records }, (_, n) => ({ EvseID: `DE*ABC*E${n}`, EvseStatus: 'Available' })) }] },
      StatusCode: { Code: '000' },
    });
    const pull = async (): Promise<number[]> => {
      const sizes: number[] = [];
      for await (const batch of client.pullEvseStatus({ ProviderID: 'DE-EMP' }, { batchSize: 100 })) sizes.push(batch.records.length);
      return sizes;
    };
    const packed: Behaviour = (_call, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(document(250)));
    };

    it('packed or not', async () => {
      hbs.play(packed);
      expect(await pull()).toEqual([100, 100, 50]);
    });

    it('hands out what came before the rest has come', async () => {
      const text = document(1_000);
      let finish: () => void = () => undefined;
      hbs.play((_call, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).write(text.slice(0, 20_000));
        finish = () => void response.end(text.slice(20_000));
      });
      let records = 0;
      for await (const batch of client.pullEvseStatus({ ProviderID: 'DE-EMP' }, { batchSize: 100 })) {
        if (records === 0) finish();
        records += batch.records.length;
      }
      expect(records).toBe(1_000);
    });

    it('asks again when it is cut off', async () => {
      const text = document(250);
      client = newClient({ limits: { perMinute: { PullEvseStatus: 600 } } });
      hbs.play((_call, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write(text.slice(0, 7_000), () => response.destroy());
      }, packed);
      const sizes = await pull();
      expect(sizes.slice(-3)).toEqual([100, 100, 50]);
      expect(hbs.calls).toHaveLength(2);
    });

    it.each([
      ['a refusal', status('210', 403), 'hbs-refused'],
      ['a refusal in a 200', status('210'), 'hbs-refused'],
      ['HTML', ((_c, r) => html(r, 403, 'Forbidden')) as Behaviour, 'hbs-foreign'],
      ['JSON of another kind', ((_c, r) => json(r, 200, { hello: [] })) as Behaviour, 'hbs-foreign'],
    ])('and throws for %s', async (_what, behaviour, slug) => {
      hbs.play(behaviour);
      await expect(pull()).rejects.toMatchObject({ slug });
    });
  });

  it('ends what is in flight when it closes, and sends nothing more', async () => {
    hbs.play((call, response) => { setTimeout(() => void yes(call, response, 0), 50); });
    const inFlight = client.authorizeRemoteStop(STOP);
    while (hbs.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await client.close();
    expect(await inFlight).toMatchObject({ ok: true });
    expect(await client.authorizeRemoteStop(STOP)).toMatchObject({ ok: false, reason: 'unreachable', retry: 'helps' });
  });
});
