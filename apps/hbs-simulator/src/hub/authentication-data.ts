import { evcoKey, parseEvcoId, parseUid, providerKey, providerOfEvcoId } from '@emp/oicp';
import { isObject, textIn } from '../json.ts';
import type { Answer } from './status-code.ts';

export type PushAction = 'fullLoad' | 'insert' | 'update' | 'delete';

/** One record of PushAuthenticationData as it came: `{ Identification: {…} }`. */
export type AuthenticationRecord = Readonly<Record<string, unknown>>;

interface Read {
  readonly key: string;
  readonly uid: string | undefined;
  readonly evcoId: string | undefined;
  /** What is wrong with it by OICP §7.5 and §9.7. */
  readonly fault: string | undefined;
}

const ok: Answer = { code: '000' };

/** The cards and contracts that offline providers have pushed (OICP §7.5). */
export class AuthenticationData {
  readonly #byProvider = new Map<string, { readonly providerId: string; readonly records: Map<string, Read> }>();
  readonly #hubs: ReadonlyMap<string, string>;

  /** `hubs`: keys of sub-providers with those of their hubs, who push their cards (OICP §6.5). */
  constructor(hubs: ReadonlyMap<string, string> = new Map()) {
    this.#hubs = hubs;
  }

  /** Judges a push without doing it, so that it can be journalled between the two. All or nothing. */
  judge(
    providerId: string, action: PushAction, records: readonly AuthenticationRecord[], refused: readonly string[] = [],
  ): Answer {
    const held = this.#byProvider.get(providerKey(providerId))?.records ?? new Map<string, Read>();
    const unwanted = new Set(refused.map((one) => one.toUpperCase()));
    const seen = new Set<string>();
    for (const [index, record] of records.entries()) {
      const read = readRecord(record, action);
      if (read === undefined) return { code: '022', info: `record ${index} has no identification` };
      if (read.fault !== undefined) return { code: '022', info: `record ${index}: ${read.fault}` };
      if (unwanted.has(read.uid ?? '') || unwanted.has(read.evcoId?.toUpperCase() ?? '')) {
        return { code: '022', info: `record ${index} (${read.uid ?? read.evcoId}) is not plausible` };
      }
      if (read.evcoId !== undefined && !this.#isOf(providerId, read.evcoId)) {
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
      const read = readRecord(record, action);
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

  /** Its own contracts, and those of providers behind it. */
  #isOf(providerId: string, evcoId: string): boolean {
    const owner = providerKey(providerOfEvcoId(evcoId));
    const pushing = providerKey(providerId);
    return owner === pushing || this.#hubs.get(owner) === pushing;
  }

  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#byProvider.values()].map(({ providerId, records }) => [providerId, records.size]));
  }
}

const KINDS: readonly (readonly [member: string, kind: string])[] = [
  ['RFIDMifareFamilyIdentification', 'rfid'], ['RFIDIdentification', 'card'], ['QRCodeIdentification', 'qr'],
  ['PlugAndChargeIdentification', 'pnc'], ['RemoteIdentification', 'remote'],
];

/** What decides "already exists" is not written anywhere: the kind with its UID or EvcoID (OICP §7.5). */
function readRecord(record: AuthenticationRecord, action: PushAction): Read | undefined {
  const identification = isObject(record['Identification']) ? record['Identification'] : {};
  for (const [member, kind] of KINDS) {
    const one = identification[member];
    if (!isObject(one)) continue;
    const uid = textIn(one, 'UID')?.toUpperCase();
    const evcoId = textIn(one, 'EvcoID');
    const key = uid ?? (evcoId === undefined ? undefined : evcoKey(evcoId));
    if (key === undefined) continue;
    const fault = faultOf(uid, evcoId) ?? (kind === 'qr' && action !== 'delete' ? faultOfPin(one) : undefined);
    return { key: `${kind}:${key}`, uid, evcoId, fault };
  }
  return undefined;
}

function faultOf(uid: string | undefined, evcoId: string | undefined): string | undefined {
  if (uid !== undefined && !parseUid(uid).ok) return 'its UID is none';
  return evcoId !== undefined && !parseEvcoId(evcoId).ok ? 'its EvcoID is none' : undefined;
}

/** Exactly one of HashedPIN and PIN; a hash is of Bcrypt. */
function faultOfPin(qr: Readonly<Record<string, unknown>>): string | undefined {
  const hashed = qr['HashedPIN'];
  if ((textIn(qr, 'PIN') !== undefined) === isObject(hashed)) return 'exactly one of HashedPIN and PIN is expected';
  if (!isObject(hashed)) return undefined;
  if (textIn(hashed, 'Function') !== 'Bcrypt') return 'the function of HashedPIN is not Bcrypt';
  return /^\$2[aby]\$\d\d\$[./0-9A-Za-z]{53}$/.test(textIn(hashed, 'Value') ?? '') ? undefined : 'HashedPIN is no Bcrypt hash';
}
