import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf } from '@emp/kernel';
import { happenedBeforeSending, type Connection } from './connections.ts';

export interface Outgoing {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** JSON text; `undefined` for GET. */
  readonly body: string | undefined;
  readonly userAgent: string;
  readonly signal: AbortSignal;
}

/** The head of an answer and its body, decompressed, not yet read. */
export interface Answer {
  readonly httpStatus: number;
  readonly contentType: string | undefined;
  readonly processId: string | null;
  readonly retryAfterMs: number | undefined;
  readonly body: Readable;
}

/** No answer, or half of one. `sent: 'no'`: the request certainly never arrived. */
export class ExchangeBroke extends Error {
  readonly sent: 'no' | 'perhaps';
  /** The server ended the TLS handshake because of our certificate. */
  readonly certificateRefused: boolean;

  constructor(cause: unknown) {
    super(describe(cause), { cause });
    this.certificateRefused = isCertificateAlert(cause);
    this.sent = this.certificateRefused || happenedBeforeSending(cause) ? 'no' : 'perhaps';
  }
}

/** Sends one request and waits for the head of the answer. @throws ExchangeBroke */
export async function exchange(connection: Connection, outgoing: Outgoing): Promise<Answer> {
  try {
    const { origin, pathname, search } = new URL(outgoing.url);
    const response = await connection.dispatcher.request({
      origin,
      path: pathname + search,
      method: outgoing.method,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip',
        'user-agent': outgoing.userAgent,
        ...(outgoing.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      },
      ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
      signal: outgoing.signal,
    });
    return {
      httpStatus: response.statusCode,
      contentType: first(response.headers['content-type']),
      processId: first(response.headers['process-id']) ?? null,
      retryAfterMs: retryAfterOf(first(response.headers['retry-after'])),
      body: decompressed(response.body, first(response.headers['content-encoding'])),
    };
  } catch (error) {
    throw new ExchangeBroke(error);
  }
}

/** The whole body as text. @throws ExchangeBroke if it is cut off. */
export async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new ExchangeBroke(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function decompressed(body: Readable, encoding: string | undefined): Readable {
  if (encoding?.trim().toLowerCase() !== 'gzip') return body;
  const gunzip = createGunzip();
  body.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => body.destroy());
  return body.pipe(gunzip);
}

/** Seconds or an HTTP date, as milliseconds from now; at most ten minutes. */
export function retryAfterOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), 600_000);
}

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : '';
};

const isCertificateAlert = (error: unknown): boolean =>
  /^ERR_SSL_.*(CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|ACCESS_DENIED)/.test(codeOf(error));

function describe(error: unknown): string {
  const code = codeOf(error);
  return code === '' ? messageOf(error) : `${messageOf(error)} (${code})`;
}
