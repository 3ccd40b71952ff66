import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ledger } from './ledger.ts';

/** The online provider's records; another provider has none. */
const PROVIDER_PATH = /^\/api\/oicp\/cdrmgmt\/v22\/providers\/([^/]+)\/get-charge-detail-records-request$/;

export interface RecordsHub {
  /** Base URL including `/api/oicp`. */
  readonly url: string;
  /** For so long every connection is broken off in the middle of the answer. */
  away(ms: number): void;
  close(): Promise<void>;
}

/** HBS's GetChargeDetailRecords (OICP §7.8): every record it received, whether it could forward it or not. */
export async function openRecordsHub(ledger: Ledger, provider: string): Promise<RecordsHub> {
  let backAt = 0;
  const server = createServer((request, response) => {
    void answer(request, response, { ledger, provider, isAway: () => Date.now() < backAt }).catch(() =>
      response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/oicp`,
    away: (ms) => {
      backAt = Date.now() + ms;
    },
    close: () => close(server),
  };
}

interface Hub {
  readonly ledger: Ledger;
  readonly provider: string;
  readonly isAway: () => boolean;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { ledger, provider, isAway }: Hub,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '', 'http://hbs');
  const asked = PROVIDER_PATH.exec(url.pathname)?.[1];
  if (asked === undefined) return void response.writeHead(404).end();
  const { From, To } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly From: string; readonly To: string };
  const matching =
    decodeURIComponent(asked) === provider ? ledger.recordsBetween(Date.parse(From), Date.parse(To)) : [];
  const text = pageOf(
    matching,
    Number(url.searchParams.get('page') ?? 0),
    Number(url.searchParams.get('size') ?? 20),
  );
  response.writeHead(200, {
    'content-type': 'application/json;charset=utf-8',
    'process-id': globalThis.crypto.randomUUID(),
  });
  if (!isAway()) return void response.end(text);
  response.write(text.slice(0, text.length / 2), () => response.destroy());
}

function pageOf(records: readonly string[], number: number, size: number): string {
  const content = records.slice(number * size, (number + 1) * size);
  const totalPages = Math.ceil(records.length / size);
  const rest = JSON.stringify({
    number,
    size,
    totalElements: records.length,
    last: number + 1 >= totalPages,
    totalPages,
    first: number === 0,
    numberOfElements: content.length,
    empty: content.length === 0,
    StatusCode: { Code: '000', Description: 'Success.', AdditionalInfo: null },
  });
  return `{"content":[${content.join(',')}],${rest.slice(1)}`;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
