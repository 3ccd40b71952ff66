import { Agent, request } from 'undici';
import { OPERATOR } from './messages.ts';

/** HBS's patience (OICP §2.7), shortened so that a frozen gateway does not hold up a run of two minutes. */
const PATIENCE_MS = 6_000;

const PATHS = {
  authorize: `/charging/v21/operators/${encodeURIComponent(OPERATOR)}/authorize/start`,
  notify: '/notificationmgmt/v11/charging-notifications',
  record: `/cdrmgmt/v22/operators/${encodeURIComponent(OPERATOR)}/charge-detail-record`,
} as const;

/** The gateway's door, as HBS knocks at it. */
export class Door {
  readonly #base: string;
  readonly #agent: Agent;

  constructor(url: string, connections = 128) {
    this.#base = `${url}/api/oicp`;
    this.#agent = new Agent({ connections, keepAliveTimeout: 4_000 });
  }

  /** Whether the answer came and said yes. `cutAfterMs` breaks the connection then, as a network would. */
  async send(what: keyof typeof PATHS, text: string, cutAfterMs?: number): Promise<boolean> {
    try {
      const answer = await request(this.#base + PATHS[what], {
        method: 'POST',
        dispatcher: this.#agent,
        headers: {
          'content-type': 'application/json;charset=utf-8',
          accept: 'application/json',
          'process-id': globalThis.crypto.randomUUID(),
        },
        body: text,
        signal: AbortSignal.timeout(cutAfterMs ?? PATIENCE_MS),
      });
      const body = (await answer.body.json()) as {
        readonly Result?: unknown;
        readonly AuthorizationStatus?: unknown;
      };
      return (
        answer.statusCode === 200 &&
        (what === 'authorize' ? body.AuthorizationStatus === 'Authorized' : body.Result === true)
      );
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}
