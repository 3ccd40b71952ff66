import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Hubject was asked for, one per page. */
export interface AskedPage {
  readonly providerId: string;
  readonly from: string;
  readonly to: string;
  readonly page: number;
  readonly size: number;
  readonly notForwarded: boolean;
  readonly sessionIds: readonly string[];
}

/** A record as Hubject keeps it: its text and when Hubject received it. */
export interface KeptRecord {
  readonly text: string;
  readonly receivedAt: string;
  /** Whether Hubject could deliver it. */
  readonly forwarded?: boolean;
}

/** A small Hubject that answers GetChargeDetailRecords page by page (OICP §7.8, §2.10). */
export class FakeHbs {
  readonly asked: AskedPage[] = [];
  /** The records it keeps, oldest first. */
  kept: KeptRecord[] = [];
  /** Runs before a page is answered; may change what is kept, never answer (`hang`), or answer something else. */
  before: (asked: AskedPage) => 'answer' | 'hang' | 'unavailable' | Promise<'answer' | 'hang' | 'unavailable'> = () => 'answer';
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<FakeHbs> {
    const hbs = new FakeHbs();
    await new Promise<void>((resolve) => hbs.#server.listen(0, '127.0.0.1', resolve));
    return hbs;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/oicp`;
  }

  keep(...records: readonly (Record<string, unknown> | string)[]): void {
    for (const record of records) {
      this.kept.push({ text: typeof record === 'string' ? record : JSON.stringify(record), receivedAt: '2026-05-01T09:05:00Z' });
    }
  }

  /** Keeps a record that it could not deliver. */
  keepUndelivered(...records: readonly Record<string, unknown>[]): void {
    for (const record of records) this.kept.push({ text: JSON.stringify(record), receivedAt: '2026-05-01T09:05:00Z', forwarded: false });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await askedOf(request);
    this.asked.push(asked);
    const verdict = await this.before(asked);
    if (verdict === 'hang') return;
    if (verdict === 'unavailable') {
      response.writeHead(503, { 'content-type': 'text/html' }).end('<html>Service Unavailable</html>');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json;charset=utf-8', 'Process-ID': `process-${this.asked.length}` });
    response.end(this.#page(asked));
  }

  #page({ from, to, page, size, notForwarded, sessionIds }: AskedPage): string {
    const found = this.kept.filter(({ receivedAt, forwarded, text }) =>
      Date.parse(receivedAt) >= Date.parse(from) && Date.parse(receivedAt) <= Date.parse(to)
      && (!notForwarded || forwarded === false)
      && (sessionIds.length === 0 || sessionIds.some((sessionId) => text.includes(sessionId))));
    const content = found.slice(page * size, (page + 1) * size).map(({ text }) => text);
    const totalPages = Math.ceil(found.length / size);
    return `{"content":[${content.join(',\n  ')}],"number":${page},"size":${size},"totalElements":${found.length},` +
      `"totalPages":${totalPages},"last":${page + 1 >= totalPages},"first":${page === 0},"numberOfElements":${content.length},` +
      '"StatusCode":null,"empty":false}';
  }
}

async function askedOf(request: IncomingMessage): Promise<AskedPage> {
  const url = new URL(request.url ?? '/', 'http://hbs');
  const providerId = decodeURIComponent(/\/cdrmgmt\/v22\/providers\/([^/]+)\/get-charge-detail-records-request$/.exec(url.pathname)?.[1] ?? '?');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as { From: string; To: string; CDRForwarded?: boolean; SessionID?: readonly string[] };
  return {
    providerId, from: body.From, to: body.To, notForwarded: body.CDRForwarded === false, sessionIds: body.SessionID ?? [],
    page: Number(url.searchParams.get('page')), size: Number(url.searchParams.get('size')),
  };
}
