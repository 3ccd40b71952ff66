import kafkajs, { type Admin } from 'kafkajs';
import { EmpError, messageOf } from '@emp/kernel';
import type { TopicSettings } from '@emp/events';
import type { Topics } from '../broker/topics.ts';
import type { Log } from '../log.ts';
import { persistently } from './persistently.ts';
import { minInSync, topicConfig } from './topic-config.ts';

const CREATED_WITHIN_MS = 15_000;

export interface TopicDeclarationParts {
  readonly admin: Admin;
  readonly topics: Topics;
  readonly log: Log;
  /** Copies of each partition. Three, or as many as there are brokers, if not given. */
  readonly replicationFactor?: number;
}

/**
 * Creates the declared topics that do not exist. Throws `topic-changed` if one exists with other partitions; tells the
 * log if one is kept in another way than declared, which an operator may have wanted.
 */
export async function declareTopics({ admin, topics, log, replicationFactor }: TopicDeclarationParts): Promise<void> {
  const existing = new Set(await persistently(() => admin.listTopics()));
  const missing = topics.entries().filter(([topic]) => !existing.has(topic));
  if (missing.length > 0) {
    const copies = replicationFactor ?? Math.min(3, (await admin.describeCluster()).brokers.length);
    await createTopics(admin, missing, copies);
    log.info({ topics: missing.map(([topic]) => topic), copies }, 'topics created');
  }
  await checkPartitions(admin, topics.entries());
  const earlier = topics.entries().filter(([topic]) => existing.has(topic));
  if (earlier.length > 0) await compareSettings(admin, earlier, log);
}

type Declared = readonly (readonly [string, TopicSettings])[];

async function createTopics(admin: Admin, missing: Declared, copies: number): Promise<void> {
  try {
    // Another service may be doing the same: what exists by now is no error.
    await admin.createTopics({
      topics: missing.map(([topic, settings]) => ({
        topic,
        numPartitions: settings.partitions,
        replicationFactor: copies,
        configEntries: Object.entries({ ...topicConfig(settings), ...minInSync(copies) }).map(([name, value]) => ({ name, value })),
      })),
      timeout: CREATED_WITHIN_MS,
      // kafkajs takes a broker that has not heard of the topic yet for an error; we ask again, below.
      waitForLeaders: false,
    });
  } catch (error) {
    if (!(error instanceof kafkajs.KafkaJSAggregateError)) throw error;
    const reasons = new Set(error.errors.map((each) => messageOf(each)));
    throw new EmpError('topics-not-created', `Kafka did not create topics with ${copies} copies of each partition: ${[...reasons].join('; ')}`, { retry: 'useless', cause: error });
  }
}

async function checkPartitions(admin: Admin, declared: Declared): Promise<void> {
  const { topics: found } = await persistently(() => admin.fetchTopicMetadata({ topics: declared.map(([topic]) => topic) }), CREATED_WITHIN_MS);
  for (const [topic, { partitions: wanted }] of declared) {
    const partitions = found.find(({ name }) => name === topic)?.partitions.length ?? 0;
    if (partitions === wanted) continue;
    throw new EmpError(
      'topic-changed',
      `topic ${topic} has ${partitions} partitions in Kafka, declared are ${wanted}: another number would tear keys from their order. ` +
        'Declare what is there, or make a new version of the topic (…v2) and let its consumers move over',
      { retry: 'useless' },
    );
  }
}

async function compareSettings(admin: Admin, declared: Declared, log: Log): Promise<void> {
  const { resources } = await persistently(() => admin.describeConfigs({
    includeSynonyms: false,
    resources: declared.map(([name, settings]) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configNames: Object.keys(topicConfig(settings)) })),
  }));
  for (const { resourceName: topic, configEntries } of resources) {
    const settings = declared.find(([name]) => name === topic)?.[1];
    if (settings === undefined) continue;
    const wanted = topicConfig(settings);
    const differing = configEntries.filter(({ configName, configValue }) => wanted[configName] !== configValue);
    if (differing.length === 0) continue;
    log.warn({
      topic,
      declared: Object.fromEntries(differing.map(({ configName }) => [configName, wanted[configName]])),
      found: Object.fromEntries(differing.map(({ configName, configValue }) => [configName, configValue])),
    }, 'topic is kept otherwise than declared');
  }
}
