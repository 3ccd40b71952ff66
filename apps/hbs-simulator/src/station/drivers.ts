import { messageOf } from '@emp/kernel';
import { pause } from '../pause.ts';
import type { World } from '../world.ts';
import { randomCar } from './car.ts';
import { tapCard } from './tap.ts';
import { longestRealMs } from './timing.ts';
import type { CardKind } from './wallet.ts';

/** A session that would be shorter than this is not worth a tap: the card and the EVSE need a rest first. */
const SHORTEST_REAL_MS = 2_000;
const MOST_TAPS_IN_FLIGHT = 200;

/** Drivers who tap their cards at the network's stations, at a rate, until they are told to stop. */
export class Drivers {
  readonly #world: World;
  #stopped = false;
  /** Ends the waiting for the next tap. */
  #wake = new AbortController();
  #tapsPerSecond: number;
  readonly #inFlight = new Set<Promise<void>>();
  /** EVSEs and cards whose tap is not answered yet: nobody else may take them meanwhile. */
  readonly #tapping = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#tapsPerSecond = world.config.TAPS_PER_SECOND;
  }

  get tapsPerSecond(): number {
    return this.#tapsPerSecond;
  }

  set tapsPerSecond(rate: number) {
    this.#tapsPerSecond = rate;
    this.#wake.abort();
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** No new taps from now on; those in flight are answered. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake.abort();
    await this.#running;
    await Promise.all(this.#inFlight);
  }

  async #run(): Promise<void> {
    const { random } = this.#world;
    while (!this.#stopped) {
      const { signal } = (this.#wake = new AbortController());
      // Taps come as independent people do: exponentially distributed intervals.
      const waitMs = this.#tapsPerSecond <= 0 ? 3_600_000 : (-Math.log(1 - random.next()) * 1_000) / this.#tapsPerSecond;
      await pause(waitMs, signal);
      if (signal.aborted || this.#inFlight.size >= MOST_TAPS_IN_FLIGHT) continue;
      const tap = this.#tap()
        .catch((error: unknown) => this.#world.log.error({ reason: messageOf(error) }, 'tap failed'))
        .finally(() => this.#inFlight.delete(tap));
      this.#inFlight.add(tap);
    }
  }

  async #tap(): Promise<void> {
    const world = this.#world;
    const evse = world.stations.leastRecentlyUsed();
    if (evse === undefined || this.#tapping.has(evse.key)) return;
    const { uid, longestMs } = this.#chooseCard(evse.key);
    const wishedMs = world.config.SESSION_SECONDS * 1_000 * (0.5 + world.random.next());
    const held = [evse.key, uid];
    for (const each of held) this.#tapping.add(each);
    await tapCard(world, {
      uid, evse,
      play: {
        car: randomCar(world.random),
        realMs: Math.min(wishedMs, longestMs),
        speed: world.config.SPEED,
        idleShare: world.random.chance(0.1) ? 0.4 : world.random.next() * 0.15,
        notBefore: Math.max(world.stations.freeSince(evse.key), world.wallet.freeSince(uid)),
        stopsByCard: world.random.chance(0.3),
      },
    }).finally(() => {
      for (const each of held) this.#tapping.delete(each);
    });
  }

  /** A card by the configured mix; an unknown one where none of the kind is free for long enough. */
  #chooseCard(evseKey: string): { readonly uid: string; readonly longestMs: number } {
    const { config, random, wallet, stations } = this.#world;
    const { UNKNOWN_SHARE, REFUSED_SHARE, OFFLINE_SHARE } = config;
    const kind: CardKind = random.weighted({
      unknown: UNKNOWN_SHARE,
      blocked: REFUSED_SHARE / 2,
      ended: REFUSED_SHARE / 2,
      offline: OFFLINE_SHARE,
      online: Math.max(0, 1 - UNKNOWN_SHARE - REFUSED_SHARE - OFFLINE_SHARE),
    });
    const uid = kind === 'unknown' ? undefined : wallet.leastRecentlyUsed(kind);
    const freeSince = Math.max(stations.freeSince(evseKey), uid === undefined ? 0 : wallet.freeSince(uid));
    const longestMs = longestRealMs(this.#world.now().getTime(), freeSince, config.SPEED) - 1_000;
    if (uid === undefined || this.#tapping.has(uid) || longestMs < SHORTEST_REAL_MS) return { uid: wallet.unknown(random), longestMs: SHORTEST_REAL_MS };
    return { uid, longestMs };
  }
}
