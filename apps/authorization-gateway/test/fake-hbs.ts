import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PushedCards {
  readonly path: string;
  readonly action: string;
  readonly providerId: string;
  readonly uids: readonly string[];
}

interface PushBody {
  readonly ActionType: string;
  readonly ProviderAuthenticationData: {
    readonly ProviderID: string;
    readonly AuthenticationDataRecord: readonly {
      readonly Identification: { readonly RFIDMifareFamilyIdentification: { readonly UID: string } };
    }[];
  };
}

/** A Hubject that takes card lists (OICP §7.5) and notices when two of one provider overlap. */
export class FakeHbs {
  readonly pushes: PushedCards[] = [];
  overlaps = 0;
  /** `accept`, or an OICP code to refuse with. */
  verdict: 'accept' | string = 'accept';
  #underWay = 0;
  readonly #server: Server = createServer((request, response) => {
    this.#underWay += 1;
    if (this.#underWay > 1) this.overlaps += 1;
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () =>
      setTimeout(() => {
        const body = JSON.parse(text) as PushBody;
        const { ProviderID, AuthenticationDataRecord } = body.ProviderAuthenticationData;
        this.pushes.push({
          path: request.url ?? '',
          action: body.ActionType,
          providerId: ProviderID,
          uids: AuthenticationDataRecord.map(
            ({ Identification }) => Identification.RFIDMifareFamilyIdentification.UID,
          ),
        });
        this.#underWay -= 1;
        const code = this.verdict === 'accept' ? '000' : this.verdict;
        response.writeHead(200, {
          'content-type': 'application/json;charset=utf-8',
          'process-id': `0000000${this.pushes.length}-0000-4000-8000-000000000000`,
        });
        response.end(
          JSON.stringify({
            Result: code === '000',
            StatusCode: { Code: code, Description: null, AdditionalInfo: null },
            SessionID: null,
          }),
        );
      }, 20),
    );
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/oicp`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
