import { evcoKey, providerKey } from '@emp/oicp';
import { isObject, textIn } from '../json.ts';
import type { Answer } from './status-code.ts';

export type PushAction = 'fullLoad' | 'insert' | 'update' | 'delete';

/** One record of PushAuthenticationData as it came: `{ Identification: {…} }`. */
export type AuthenticationRecord = Readonly<Record<string, unknown>>;

interface Read {
  readonly key: string;
  readonly uid: string | undefined;
  readonly evcoId: string | undefined;
}

const ok: Answer = { code: '000' };

/** The cards and contracts that offline providers have pushed (OICP §7.5). */
export class AuthenticationData {
  readonly #byProvider = new Map<string, { readonly providerId: string; readonly records: Map<string, Read> }>();

  /** Judges a push without doing it, so that it can be journalled between the two. */
  judge(providerId: string, action: PushAction, records: readonly AuthenticationRecord[]): Answer {
    const held = this.#byProvider.get(providerKey(providerId))?.records ?? new Map<string, Read>();
    const seen = new Set<string>();
    for (const [index, record] of records.entries()) {
      const read = readRecord(record);
      if (read === undefined) return { code: '022', info: `record ${index} has no identification` };
      if (read.evcoId !== undefined && !evcoKey(read.evcoId).startsWith(providerKey(providerId))) {
        return { code: '019', info: `record ${index} has an EvcoID that is not of ${providerId}` };
      }
      if (action === 'insert' && (held.has(read.key) || seen.has(read.key))) {
        return { code: '009', info: `record ${index} already exists; nothing was inserted` };
      }
      if (action === 'update' && !held.has(read.key)) {
        return { code: '009', info: `record ${index} does not exist; nothing was updated` };
      }
      seen.add(read.key);
    }
    return ok;
  }

  apply(providerId: string, action: PushAction, records: readonly AuthenticationRecord[]): void {
    const provider = providerKey(providerId);
    const held = action === 'fullLoad' ? undefined : this.#byProvider.get(provider);
    const list = held?.records ?? new Map<string, Read>();
    for (const record of records) {
      const read = readRecord(record);
      if (read === undefined) continue;
      if (action === 'delete') list.delete(read.key);
      else list.set(read.key, read);
    }
    this.#byProvider.set(provider, { providerId, records: list });
  }

  /** The provider whose pushed data knows the card. */
  providerOf(uid: string): string | undefined {
    for (const { providerId, records } of this.#byProvider.values()) {
      if (records.has(`rfid:${uid}`) || records.has(`card:${uid}`)) return providerId;
    }
    return undefined;
  }

  /** A provider that has pushed data is an offline one. */
  isOffline(providerId: string): boolean {
    return this.#byProvider.has(providerKey(providerId));
  }

  /** Any card of an offline provider. */
  anyUid(): string | undefined {
    for (const { records } of this.#byProvider.values()) {
      for (const { uid } of records.values()) if (uid !== undefined) return uid;
    }
    return undefined;
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byProvider.values()].map(({ providerId, records }) => [providerId, records.size]));
  }
}

/** What decides "already exists" is not written anywhere: the kind with its UID or EvcoID (OICP §7.5). */
function readRecord(record: AuthenticationRecord): Read | undefined {
  const identification = isObject(record['Identification']) ? record['Identification'] : {};
  const kinds: readonly [string, string][] = [
    ['RFIDMifareFamilyIdentification', 'rfid'], ['RFIDIdentification', 'card'], ['QRCodeIdentification', 'qr'],
    ['PlugAndChargeIdentification', 'pnc'], ['RemoteIdentification', 'remote'],
  ];
  for (const [member, kind] of kinds) {
    const one = identification[member];
    if (!isObject(one)) continue;
    const uid = textIn(one, 'UID')?.toUpperCase();
    const evcoId = textIn(one, 'EvcoID');
    const key = uid ?? (evcoId === undefined ? undefined : evcoKey(evcoId));
    if (key !== undefined) return { key: `${kind}:${key}`, uid, evcoId };
  }
  return undefined;
}
