import { Agent, request } from 'undici';
import { isObject, parseJson, textIn, writeJson, type Json } from '../json.ts';

/** The EMP's answer as HBS sees it; `undefined` in place of one: it did not answer in time. */
export interface DoorAnswer {
  readonly httpStatus: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** HBS's patience: a late authorization is worth nothing; a record may take 30 s (OICP §2.7). */
const PATIENCE_MS = { authorize: 5_000, record: 30_000, notification: 10_000 } as const;

/** The door of the online EMP: how HBS calls it. */
export class Door {
  readonly #base: string;
  readonly #agent = new Agent({ connections: 64, keepAliveTimeout: 4_000 });

  constructor(empUrl: string) {
    this.#base = `${empUrl.replace(/\/+$/, '')}/api/oicp`;
  }

  authorizeStart(operatorId: string, message: Json): Promise<DoorAnswer | undefined> {
    return this.#post(`/charging/v21/operators/${operatorId}/authorize/start`, writeJson(message), PATIENCE_MS.authorize);
  }

  authorizeStop(operatorId: string, message: Json): Promise<DoorAnswer | undefined> {
    return this.#post(`/charging/v21/operators/${operatorId}/authorize/stop`, writeJson(message), PATIENCE_MS.authorize);
  }

  notify(message: Json): Promise<DoorAnswer | undefined> {
    return this.#post('/notificationmgmt/v11/charging-notifications', writeJson(message), PATIENCE_MS.notification);
  }

  forward(operatorId: string, recordText: string): Promise<DoorAnswer | undefined> {
    return this.#post(`/cdrmgmt/v22/operators/${operatorId}/charge-detail-record`, recordText, PATIENCE_MS.record);
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #post(path: string, body: string, patienceMs: number): Promise<DoorAnswer | undefined> {
    try {
      const answer = await request(this.#base + path, {
        method: 'POST',
        dispatcher: this.#agent,
        headers: {
          'content-type': 'application/json;charset=utf-8',
          accept: 'application/json',
          'process-id': globalThis.crypto.randomUUID(),
        },
        body,
        signal: AbortSignal.timeout(patienceMs),
      });
      const parsed = parseJson(await answer.body.text());
      return isObject(parsed) ? { httpStatus: answer.statusCode, body: parsed } : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The status code in an answer; `undefined` if it has none. */
export function codeIn(answer: DoorAnswer | undefined): string | undefined {
  const statusCode = answer?.body['StatusCode'];
  return isObject(statusCode) ? textIn(statusCode, 'Code') : undefined;
}
