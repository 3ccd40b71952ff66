import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Admin } from 'kafkajs';
import { pause } from '../back-off.ts';
import { KafkaClient } from '../kafka/kafka-client.ts';

/** `tools/kafka/cluster.mjs`, which is no package. */
interface Cluster {
  start(node: number): Promise<void>;
  ready(node: number): Promise<void>;
  stop(node: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

interface Served {
  readonly brokers: readonly string[];
  readonly firstPort: number;
  readonly securePort?: number;
}

/** A second door of a single node: PEM files, and who may log in. */
export interface SecureDoor {
  /** Key and certificate of the broker. */
  readonly keystore: string;
  /** Authorities whose certificates clients may show. */
  readonly truststore: string;
  readonly username: string;
  readonly password: string;
}

const tools = new URL('../../../../tools/kafka/', import.meta.url);

/** A throw-away Kafka on this machine, whose nodes can be killed. It ends with this process, however that ends. */
export class LocalKafka {
  readonly brokers: readonly string[];
  /** `host:port` of the door that asks for a certificate and a login. */
  readonly secureBroker: string;
  readonly #cluster: Cluster;
  readonly #watching: KafkaClient;
  readonly #admin: Admin;
  readonly #end: () => Promise<void>;

  private constructor({ brokers, securePort }: Served, cluster: Cluster, end: () => Promise<void>) {
    this.brokers = brokers;
    this.secureBroker = `127.0.0.1:${securePort}`;
    this.#cluster = cluster;
    this.#end = end;
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    this.#watching = new KafkaClient({ brokers, clientId: 'watcher', log }, 'patient');
    this.#admin = this.#watching.kafka.admin();
  }

  static async start(nodes: 1 | 3, secure?: SecureDoor): Promise<LocalKafka> {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'kafka-'));
    const server = spawn(process.execPath, [fileURLToPath(new URL('serve.mjs', tools)), directory, String(nodes), ...(secure ? [JSON.stringify(secure)] : [])], {
      stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' },
    });
    const ended = new Promise<number | null>((resolve) => { server.once('exit', resolve); });
    const line = await Promise.race([
      new Promise<string>((resolve) => { createInterface(server.stdout).once('line', resolve); }),
      ended.then((code) => { throw new Error(`Kafka did not start (exit ${code})`); }),
    ]);
    const served = JSON.parse(line) as Served;
    const { KafkaCluster } = (await import(new URL('cluster.mjs', tools).href)) as { KafkaCluster: new (at: { directory: string; firstPort: number }) => Cluster };
    const kafka = new LocalKafka(served, new KafkaCluster({ directory, firstPort: served.firstPort }), async () => {
      server.stdin.end();
      await ended;
    });
    await kafka.#admin.connect();
    return kafka;
  }

  async leaderOf(topic: string, partition: number): Promise<number> {
    const [metadata] = (await this.#admin.fetchTopicMetadata({ topics: [topic] })).topics;
    return metadata?.partitions.find(({ partitionId }) => partitionId === partition)?.leader ?? 1;
  }

  /** As a crash does it. */
  async kill(node: number): Promise<void> {
    await this.#cluster.stop(node, 'SIGKILL');
  }

  async restart(node: number): Promise<void> {
    await this.#cluster.start(node);
    await this.#cluster.ready(node);
  }

  /** Resolves when every partition of the topic has all its copies in sync again. */
  async healed(topic: string, copies: number): Promise<void> {
    for (;;) {
      const [metadata] = await this.#admin.fetchTopicMetadata({ topics: [topic] }).then(({ topics }) => topics, () => []);
      if (metadata?.partitions.every(({ isr }) => isr.length === copies)) return;
      await pause(200);
    }
  }

  async stop(): Promise<void> {
    this.#watching.close();
    await this.#end();
  }
}
