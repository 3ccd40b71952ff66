import { Decimal } from '@emp/money';
import { createHash } from 'node:crypto';
import type { Evse } from '../network/evse.ts';
import type { Network } from '../network/network.ts';
import type { Random } from '../random.ts';

/** What stations remember: their meters, and since when each EVSE is free again (in the time that records tell). */
export class Stations {
  #network: Network;
  readonly #meters = new Map<string, Decimal>();
  readonly #freeSince = new Map<string, number>();
  #usable: Evse[] = [];
  #next = 0;

  constructor(network: Network, random: Random) {
    this.#network = network;
    this.use(network, random);
  }

  get network(): Network {
    return this.#network;
  }

  /** Another network; meters go on. Drivers visit its EVSEs in one shuffled round after the other. */
  use(network: Network, random: Random): void {
    this.#network = network;
    const chargeable = network.evses.filter((evse) =>
      evse.powerKw !== undefined && evse.hubjectCompatible && evse.operatorId !== '' && network.evse(evse.evseId) === evse);
    this.#usable = shuffled(chargeable, random);
    this.#next = 0;
  }

  /** The EVSE that was left alone longest; `undefined` if no car can charge anywhere. */
  leastRecentlyUsed(): Evse | undefined {
    for (let tries = 0; tries < Math.min(this.#usable.length, 200); tries += 1) {
      const evse = this.#usable[this.#next % this.#usable.length];
      this.#next += 1;
      if (evse !== undefined && !this.#network.isTaken(evse)) return evse;
    }
    return undefined;
  }

  freeSince(evseKey: string): number {
    return this.#freeSince.get(evseKey) ?? 0;
  }

  /** kWh on the meter, three decimals. A station that never charged has a history all the same. */
  meter(evseKey: string): Decimal {
    return this.#meters.get(evseKey) ?? Decimal.of(createHash('sha256').update(evseKey).digest().readUInt32BE(0) % 90_000_000)
      .dividedBy(Decimal.of(1_000), 3);
  }

  /** A session ended there. */
  remember(evseKey: string, ended: { readonly endedAtMs: number; readonly meterEnd: Decimal }): void {
    this.#meters.set(evseKey, ended.meterEnd);
    this.#freeSince.set(evseKey, Math.max(ended.endedAtMs, this.freeSince(evseKey)));
  }
}

function shuffled(evses: readonly Evse[], random: Random): Evse[] {
  const list = [...evses];
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = random.integer(0, at);
    [list[at], list[other]] = [list[other] as Evse, list[at] as Evse];
  }
  return list;
}
