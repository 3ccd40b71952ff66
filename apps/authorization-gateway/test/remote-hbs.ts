import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '@emp/kernel';

export interface Asked {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How HBS behaves at a call; `sessionId` is the one it would give. */
export type Behaviour = (call: { readonly asked: Asked; readonly sessionId: string; readonly reply: Reply }) => unknown;

export interface Reply {
  code(code: string, more?: Readonly<Record<string, unknown>>): void;
  raw(status: number, contentType: string, text: string): void;
  /** The connection breaks without an answer. */
  cut(): void;
}

export const accepts: Behaviour = ({ reply, sessionId }) => reply.code('000', { SessionID: sessionId });
export const refuses =
  (code: string, httpStatus = 200): Behaviour =>
  ({ reply }) =>
    httpStatus === 200
      ? reply.code(code)
      : reply.raw(httpStatus, 'application/json', JSON.stringify({ StatusCode: { Code: code } }));
/** Takes the call, and never answers. */
export const silent: Behaviour = () => undefined;
export const cutsOff: Behaviour = ({ reply }) => reply.cut();

/** An HBS that does with remote starts and stops what a test tells it, and remembers what it was asked. */
export class RemoteHbs {
  readonly asked: Asked[] = [];
  /** SessionIDs it gave, or would have given, in order. */
  readonly sessionIds: string[] = [];
  behaviour: Behaviour = accepts;
  readonly #server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const asked = { path: request.url ?? '', body: JSON.parse(text) as Asked['body'] };
      const sessionId = newId();
      this.asked.push(asked);
      this.sessionIds.push(sessionId);
      void this.behaviour({ asked, sessionId, reply: replyOn(response) });
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/oicp`;
  }

  /** Forgets what was asked, and behaves so from now on. */
  play(behaviour: Behaviour): void {
    this.asked.length = 0;
    this.sessionIds.length = 0;
    this.behaviour = behaviour;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const replyOn = (response: ServerResponse): Reply => ({
  code: (code, more = {}) => {
    response.writeHead(200, {
      'content-type': 'application/json;charset=utf-8',
      'process-id': '6f4b2a7e-0000-4000-8000-000000000001',
    });
    response.end(
      JSON.stringify({
        Result: code === '000',
        StatusCode: { Code: code, Description: null, AdditionalInfo: null },
        SessionID: null,
        CPOPartnerSessionID: null,
        EMPPartnerSessionID: null,
        ...more,
      }),
    );
  },
  raw: (status, contentType, text) => {
    response.writeHead(status, { 'content-type': contentType }).end(text);
  },
  cut: () => response.socket?.destroy(),
});
