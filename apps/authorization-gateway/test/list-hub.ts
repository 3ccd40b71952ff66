import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Push {
  readonly path: string;
  readonly action: string;
  readonly providerId: string;
  /** `rfid:04A2…`, `qr:DE-OFL-…`, in their order. */
  readonly keys: readonly string[];
}

/**
 * What becomes of a push: taken by the rules of OICP §7.5; refused with a code; taken, and the answer lost; not taken, and
 * the connection lost; answered after `hold` is released.
 */
export type Fate = 'by-the-rules' | 'answer-lost' | 'push-lost' | 'held' | { readonly code: string };

interface PushBody {
  readonly ActionType: string;
  readonly ProviderAuthenticationData: {
    readonly ProviderID: string;
    readonly AuthenticationDataRecord: readonly { readonly Identification: Readonly<Record<string, Readonly<Record<string, unknown>>>> }[];
  };
}

const KINDS: Readonly<Record<string, string>> = {
  RFIDMifareFamilyIdentification: 'rfid',
  QRCodeIdentification: 'qr',
  PlugAndChargeIdentification: 'plug-and-charge',
  RemoteIdentification: 'remote',
};

/** A Hubject that holds card lists: pushes are all or nothing, and may meet any fate. */
export class ListHub {
  readonly pushes: Push[] = [];
  /** What it holds, by provider: key → the record's text. */
  readonly lists = new Map<string, Map<string, string>>();
  /** Keys it does not take (022). */
  readonly bad = new Set<string>();
  /** Of the pushes to come, in their order; then by the rules. */
  readonly fates: Fate[] = [];
  overlaps = 0;
  release: () => void = () => undefined;
  #underWay = 0;
  readonly #server: Server = createServer((request, response) => {
    this.#underWay += 1;
    if (this.#underWay > 1) this.overlaps += 1;
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => setTimeout(() => void this.#take(request.url ?? '', JSON.parse(text) as PushBody, response), 5));
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/oicp`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Sorted keys, without their kind if it is `rfid`. */
  held(providerId = 'DE-OFL'): readonly string[] {
    return [...(this.lists.get(providerId)?.keys() ?? [])].map((key) => key.replace('rfid:', '')).sort();
  }

  async #take(path: string, body: PushBody, response: ServerResponse): Promise<void> {
    const { ProviderID, AuthenticationDataRecord } = body.ProviderAuthenticationData;
    const records = AuthenticationDataRecord.map(({ Identification }) => {
      const [member = '', one = {}] = Object.entries(Identification)[0] ?? [];
      return { key: `${KINDS[member]}:${String(one['UID'] ?? one['EvcoID'])}`, text: JSON.stringify(one) };
    });
    this.pushes.push({ path, action: body.ActionType, providerId: ProviderID, keys: records.map(({ key }) => key) });
    const fate = this.fates.shift() ?? 'by-the-rules';
    if (fate === 'held') await new Promise<void>((resolve) => { this.release = resolve; });
    const code = typeof fate === 'object' ? fate.code : fate === 'push-lost' ? '000' : this.#apply(ProviderID, body.ActionType, records);
    this.#underWay -= 1;
    if (fate === 'answer-lost' || fate === 'push-lost') return void response.destroy();
    response.writeHead(200, {
      'content-type': 'application/json;charset=utf-8',
      'process-id': `${String(this.pushes.length).padStart(8, '0')}-0000-4000-8000-000000000000`,
    });
    response.end(JSON.stringify({
      Result: code === '000', StatusCode: { Code: code, Description: null, AdditionalInfo: code === '022' ? `record ${String(records[0]?.key.split(':')[1])} is odd` : null },
      SessionID: null,
    }));
  }

  #apply(providerId: string, action: string, records: readonly { readonly key: string; readonly text: string }[]): string {
    const before = this.lists.get(providerId) ?? new Map<string, string>();
    const list = new Map(action === 'fullLoad' ? [] : before);
    for (const { key, text } of records) {
      if (this.bad.has(key)) return '022';
      if ((action === 'insert' && list.has(key)) || (action === 'update' && !list.has(key))) return '009';
      if (action === 'delete') list.delete(key);
      else list.set(key, text);
    }
    this.lists.set(providerId, list);
    return '000';
  }
}
