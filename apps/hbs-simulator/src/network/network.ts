import { evseKey } from '@emp/oicp';
import type { Evse } from './evse.ts';

export type EvseStatus = 'Available' | 'Reserved' | 'Occupied' | 'OutOfService' | 'Unknown' | (string & {});

export interface OperatorGroup {
  readonly operatorId: string;
  readonly operatorName: string;
  readonly evses: readonly Evse[];
}

/** What kind of network this is, for the summary. */
export interface NetworkOrigin {
  readonly kind: 'generated' | 'feed';
  /** Seed, or where the feed came from. */
  readonly from: string;
}

/** The charging network that HBS serves and in which drivers charge. Held in memory. */
export class Network {
  readonly origin: NetworkOrigin;
  readonly evses: readonly Evse[];
  readonly groups: readonly OperatorGroup[];
  /** Records of the network before that are no more; for delta pulls. */
  readonly gone: readonly Evse[];
  /** Where stories are played: there, whether or not HBS serves it. */
  readonly #demo: readonly Evse[];
  readonly #byKey = new Map<string, Evse>();
  readonly #status = new Map<string, EvseStatus>();
  /** What charging does to a status. */
  readonly #occupied = new Map<string, EvseStatus>();

  constructor(parts: {
    readonly origin: NetworkOrigin;
    readonly evses: readonly Evse[];
    readonly demo: readonly Evse[];
    readonly statuses: ReadonlyMap<string, EvseStatus>;
    readonly gone?: readonly Evse[];
  }) {
    this.origin = parts.origin;
    this.evses = parts.evses;
    this.gone = parts.gone ?? [];
    this.#demo = parts.demo;
    const groups = new Map<string, { operatorId: string; operatorName: string; evses: Evse[] }>();
    for (const evse of parts.evses) {
      const group = groups.get(evse.operatorId);
      if (group === undefined) groups.set(evse.operatorId, { operatorId: evse.operatorId, operatorName: evse.operatorName, evses: [evse] });
      else group.evses.push(evse);
    }
    this.groups = [...groups.values()];
    for (const evse of [...parts.demo, ...parts.evses].toReversed()) this.#byKey.set(evse.key, evse);
    for (const [id, status] of parts.statuses) this.#status.set(evseKey(id), status);
  }

  get demo(): readonly Evse[] {
    return this.#demo;
  }

  evse(evseId: string): Evse | undefined {
    return this.#byKey.get(evseKey(evseId));
  }

  statusOf(evse: Evse): EvseStatus {
    return this.#occupied.get(evse.key) ?? this.#status.get(evse.key) ?? 'Unknown';
  }

  /** While a car stands there. */
  occupy(evse: Evse, status: 'Occupied' | 'Reserved'): void {
    this.#occupied.set(evse.key, status);
  }

  release(evse: Evse): void {
    this.#occupied.delete(evse.key);
  }

  isTaken(evse: Evse): boolean {
    return this.#occupied.has(evse.key);
  }

  /**
   * The network that takes this one's place, told what changed: a record that is the same keeps its instant, so that
   * delta pulls (`LastCall`) answer truthfully.
   */
  succeededBy(next: { readonly origin: NetworkOrigin; readonly evses: readonly Evse[]; readonly statuses: ReadonlyMap<string, EvseStatus> }, now: Date): Network {
    const known = new Map(this.evses.map((evse) => [`${evse.operatorId}/${evse.key}`, evse]));
    const evses = next.evses.map((evse) => {
      const before = known.get(`${evse.operatorId}/${evse.key}`);
      known.delete(`${evse.operatorId}/${evse.key}`);
      if (before === undefined) return { ...evse, changedAtMs: now.getTime(), deltaType: 'insert' as const };
      return before.text === evse.text ? before : { ...evse, changedAtMs: now.getTime(), deltaType: 'update' as const };
    });
    const gone = [...known.values()].map((evse) => ({ ...evse, changedAtMs: now.getTime(), deltaType: 'delete' as const }));
    return new Network({ ...next, evses, demo: this.#demo, gone });
  }
}
