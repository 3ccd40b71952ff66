import { TOPICS, type TopicSettings } from '@emp/events';
import { Topics } from '../broker/topics.ts';
import { minInSync, topicConfig } from './topic-config.ts';

export interface ManifestOptions {
  /** Name of the Strimzi `Kafka` resource. */
  readonly cluster: string;
  readonly copies: number;
  /** The topics of the event catalogue, if not given. */
  readonly topics?: Readonly<Record<string, TopicSettings>>;
}

/** The topics and their dead-letter topics as Strimzi `KafkaTopic` resources, one YAML text for `k8s/base`. */
export function topicManifests({ cluster, copies, topics = TOPICS }: ManifestOptions): string {
  const documents = new Topics(topics).entries().map(([topic, settings]) => [
    'apiVersion: kafka.strimzi.io/v1beta2',
    'kind: KafkaTopic',
    'metadata:',
    `  name: ${topic}`,
    '  labels:',
    `    strimzi.io/cluster: ${cluster}`,
    'spec:',
    `  partitions: ${settings.partitions}`,
    `  replicas: ${copies}`,
    '  config:',
    ...Object.entries({ ...topicConfig(settings), ...minInSync(copies) }).map(([name, value]) => `    ${name}: ${/^\d+$/.test(value) ? value : `"${value}"`}`),
  ].join('\n'));
  return `# Generated from the event catalogue by tools/topics.mjs: change libs/events/src/topics.ts, not this file.\n${documents.map((document) => `---\n${document}\n`).join('')}`;
}
