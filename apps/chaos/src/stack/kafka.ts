import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openKafkaCluster, type KafkaCluster } from '@emp/local-stack';
import type { Guard } from './guard.ts';
import { signalAll } from './process-tree.ts';

/** The Kafka of the run. */
export class ChaosKafka {
  readonly #cluster: KafkaCluster;
  readonly #guard: Guard;

  private constructor(cluster: KafkaCluster, guard: Guard) {
    this.#cluster = cluster;
    this.#guard = guard;
  }

  static async start(
    place: { readonly directory: string; readonly firstPort: number; readonly nodes: number },
    guard: Guard,
  ): Promise<ChaosKafka> {
    const cluster = await openKafkaCluster({
      directory: path.join(place.directory, 'kafka'),
      firstPort: place.firstPort,
    });
    const kafka = new ChaosKafka(cluster, guard);
    try {
      await cluster.up(place.nodes);
    } catch (error) {
      await kafka.stop();
      throw error;
    }
    for (const id of cluster.nodes) kafka.#watch(id);
    return kafka;
  }

  get address(): string {
    return this.#cluster.brokers.join(',');
  }

  /** kill −9 of a node, and its start after a while. Resolves when it takes connections again. */
  async kill(id: number, downMs: number): Promise<void> {
    const pid = this.#cluster.pidOf(id);
    await this.#cluster.stop(id, 'SIGKILL');
    if (pid !== undefined) this.#guard.forget(pid);
    await pause(downMs);
    await this.#cluster.start(id);
    this.#watch(id);
    await this.#cluster.ready(id);
  }

  async killAll(downMs: number): Promise<void> {
    await Promise.all(this.#cluster.nodes.map((id) => this.kill(id, downMs)));
  }

  async freeze(id: number, ms: number): Promise<'effect' | 'none'> {
    const pid = this.#cluster.pidOf(id);
    if (pid === undefined) return 'none';
    signalAll([pid], 'SIGSTOP');
    await pause(ms);
    signalAll([pid], 'SIGCONT');
    return 'effect';
  }

  /** Its data is thrown away: no need to be gentle. */
  async stop(): Promise<void> {
    await this.#cluster.down('SIGKILL');
  }

  #watch(id: number): void {
    const pid = this.#cluster.pidOf(id);
    if (pid !== undefined) this.#guard.watch(pid);
  }
}
