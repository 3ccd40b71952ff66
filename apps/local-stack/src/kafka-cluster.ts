import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from './places.ts';

/** A Kafka of `tools/kafka`: nodes by number, from 1. Failures tell what to do in their message. */
export interface KafkaCluster {
  /** Laid on the disk, running or not. */
  readonly nodes: readonly number[];
  readonly brokers: readonly string[];
  pidOf(id: number): number | undefined;
  up(count: number): Promise<void>;
  start(id: number): Promise<void>;
  ready(id: number): Promise<void>;
  /** Resolves when it is gone. */
  stop(id: number, signal?: NodeJS.Signals): Promise<void>;
  down(signal?: NodeJS.Signals): Promise<void>;
}

interface ClusterPlace {
  readonly directory: string;
  /** Node n listens on `firstPort + 2(n-1)`, its controller one above. */
  readonly firstPort: number;
}

/** Opens a cluster; `up` starts it. The tool is plain JavaScript and knows no build, so it is loaded from its place. */
export async function openKafkaCluster(place: ClusterPlace): Promise<KafkaCluster> {
  const file = path.join(projectRoot, 'tools/kafka/cluster.mjs');
  const tool = (await import(pathToFileURL(file).href)) as { readonly KafkaCluster: new (place: ClusterPlace) => KafkaCluster };
  return new tool.KafkaCluster(place);
}
