import kafkajs, { type Admin } from 'kafkajs';
import type { GroupLag } from '../broker/broker.ts';
import type { Topics } from '../broker/topics.ts';
import type { AppendTimes } from './append-times.ts';
import { persistently } from './persistently.ts';
import { isReader } from './topic-reader.ts';

interface GroupPosition {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** From where the group would go on; before its first commit −1, the beginning. */
  readonly next: bigint;
}

/**
 * How far each group is behind: its committed offsets against the ends of the partitions. Counts offsets; in a compacted
 * topic some of them hold nothing any more, so it may say too much, never too little.
 */
export async function groupLag(admin: Admin, topics: Topics, times: AppendTimes): Promise<GroupLag[]> {
  const positions = await positionsOf(admin, await groupsOf(admin), topics);
  const ends = new Map(await Promise.all([...new Set(positions.map(({ topic }) => topic))].map(async (topic) => [topic, await persistently(() => admin.fetchTopicOffsets(topic))] as const)));
  const lags = await Promise.all(positions.map(async ({ group, topic, partition, next }): Promise<GroupLag> => {
    const end = ends.get(topic)?.find((each) => each.partition === partition);
    const low = BigInt(end?.low ?? 0);
    // What retention has deleted is not waiting any more.
    const from = next > low ? next : low;
    const behind = Number(BigInt(end?.high ?? 0) - from);
    return { group, topic, partition, behind: Math.max(0, behind), oldestUnreadAt: behind > 0 ? await times.of(topic, partition, from) : null, passed: next > 0n ? String(next - 1n) : null };
  }));
  return lags.sort((one, other) => one.group.localeCompare(other.group) || one.topic.localeCompare(other.topic) || one.partition - other.partition);
}

async function groupsOf(admin: Admin): Promise<string[]> {
  const { groups } = await persistently(() => admin.listGroups());
  return groups.filter(({ groupId, protocolType }) => protocolType === 'consumer' && !isReader(groupId)).map(({ groupId }) => groupId);
}

async function positionsOf(admin: Admin, groups: readonly string[], topics: Topics): Promise<GroupPosition[]> {
  if (groups.length === 0) return [];
  const declared = new Set(topics.entries().map(([topic]) => topic));
  const subscribed = await subscriptionsOf(admin, groups);
  const positions = await Promise.all(groups.map(async (group) => {
    const committed = new Map((await persistently(() => admin.fetchOffsets({ groupId: group }))).map(({ topic, partitions }) => [topic, partitions]));
    const concerned = new Set([...committed.keys(), ...(subscribed.get(group) ?? [])]);
    return [...concerned].filter((topic) => declared.has(topic)).flatMap((topic) =>
      Array.from({ length: topics.settings(topic).partitions }, (_, partition) => {
        const next = committed.get(topic)?.find((each) => each.partition === partition)?.offset ?? '-1';
        return { group, topic, partition, next: BigInt(next) };
      }),
    );
  }));
  return positions.flat();
}

/** Topics by group, from what the living members said when they joined: a group that has committed nothing yet counts. */
async function subscriptionsOf(admin: Admin, groups: readonly string[]): Promise<Map<string, string[]>> {
  const { groups: described } = await persistently(() => admin.describeGroups([...groups]));
  return new Map(described.map(({ groupId, members }) => [
    groupId,
    members.flatMap(({ memberMetadata }) => (memberMetadata.length === 0 ? [] : (kafkajs.AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? []))),
  ]));
}
