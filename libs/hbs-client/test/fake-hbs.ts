import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Pem } from './certificates.ts';

export interface Call {
  readonly path: string;
  readonly text: string;
  readonly at: number;
  /** Common name of the client certificate. */
  readonly client: string | undefined;
}

export type Behaviour = (call: Call, response: ServerResponse, number: number) => void | Promise<void>;

/** An HBS that does what a test tells it, call by call. */
export class FakeHbs {
  readonly calls: Call[] = [];
  behaviour: Behaviour = (_call, response) => json(response, 200, { Result: true, StatusCode: { Code: '000' } });
  readonly #server: ReturnType<typeof createServer>;
  readonly #scheme: 'http' | 'https';

  private constructor(tls: { readonly server: Pem; readonly ca: string } | undefined) {
    const listener: RequestListener = (request, response) => void this.#serve(request, response);
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined
      ? createServer(listener)
      : createTlsServer({ ...tls.server, ca: tls.ca, requestCert: true, rejectUnauthorized: true }, listener) as never;
  }

  static async open(tls?: { readonly server: Pem; readonly ca: string }): Promise<FakeHbs> {
    const hbs = new FakeHbs(tls);
    await new Promise<void>((resolve) => hbs.#server.listen(0, '127.0.0.1', resolve));
    return hbs;
  }

  get baseUrl(): string {
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/oicp`;
  }

  /** Forgets what was; answers so from now on, each call of `behaviours` once, the last for ever. */
  play(...behaviours: readonly [Behaviour, ...Behaviour[]]): void {
    this.calls.length = 0;
    this.behaviour = (call, response, number) => (behaviours[number] ?? behaviours[behaviours.length - 1] ?? behaviours[0])(call, response, number);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const peer = this.#scheme === 'https' ? (request.socket as TLSSocket).getPeerCertificate() : undefined;
    const call = {
      path: request.url ?? '', text: Buffer.concat(chunks).toString(), at: performance.now(),
      client: typeof peer?.subject?.CN === 'string' ? peer.subject.CN : undefined,
    };
    this.calls.push(call);
    await this.behaviour(call, response, this.calls.length - 1);
  }
}

export const PROCESS_ID = '6f4b2a7e-0000-4000-8000-000000000001';

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', 'process-id': PROCESS_ID, ...headers }).end(JSON.stringify(body));
}

export function html(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/html' }).end(`<html><body><h1>${text}</h1></body></html>`);
}
