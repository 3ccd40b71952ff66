import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The door of an online EMP: authorizes the cards it knows, acknowledges every record, remembers what came. */
export class FakeEmp {
  readonly received: Received[] = [];
  readonly cards = new Set<string>();
  /** What to answer to a record; by default yes. */
  acknowledges: (sessionId: string) => boolean = () => true;
  /** Called before a record is answered. */
  onRecord: (sessionId: string) => void = () => undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then((body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)));
    });
  }

  static async open(): Promise<FakeEmp> {
    const emp = new FakeEmp();
    await new Promise<void>((resolve) => emp.#server.listen(0, '127.0.0.1', resolve));
    return emp;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The bodies that came to a path that ends so. */
  at(pathEnd: string): Received[] {
    return this.received.filter(({ path }) => path.endsWith(pathEnd));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = JSON.parse(text) as Received['body'];
    this.received.push({ path: request.url ?? '', text, body });
    const sessionId = String(body['SessionID']);
    if (request.url?.endsWith('/authorize/start') === true) return this.#authorize(sessionId, body);
    if (request.url?.endsWith('/charge-detail-record') === true) {
      this.onRecord(sessionId);
      const Result = this.acknowledges(sessionId);
      return { Result, StatusCode: { Code: Result ? '000' : '021' }, SessionID: sessionId };
    }
    return { Result: true, StatusCode: { Code: '000' } };
  }

  #authorize(sessionId: string, body: Received['body']): unknown {
    const { RFIDMifareFamilyIdentification } = body['Identification'] as { RFIDMifareFamilyIdentification: { UID: string } };
    return this.cards.has(RFIDMifareFamilyIdentification.UID)
      ? { SessionID: sessionId, ProviderID: 'DE-EMP', AuthorizationStatus: 'Authorized', StatusCode: { Code: '000' } }
      : { SessionID: sessionId, AuthorizationStatus: 'NotAuthorized', StatusCode: { Code: '102' } };
  }
}
