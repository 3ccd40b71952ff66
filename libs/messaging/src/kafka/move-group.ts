import type { Admin } from 'kafkajs';
import { messageOf } from '@emp/kernel';
import { groupRunning, type GroupMove } from '../broker/move-group.ts';

const IDLE = new Set(['Empty', 'Dead']);

/** Moves the committed offsets of a group back, never forward, if it has no members. Takes some seconds for each topic. */
export async function moveGroup(admin: Admin, { group, topics, from }: GroupMove): Promise<void> {
  const { groups: [description] } = await admin.describeGroups([group]);
  if (description && !IDLE.has(description.state)) throw groupRunning(group);
  for (const topic of topics) {
    const [committed, targets] = await Promise.all([
      admin.fetchOffsets({ groupId: group, topics: [topic] }),
      from === 'beginning'
        ? (await admin.fetchTopicOffsets(topic)).map(({ partition, low }) => ({ partition, offset: low }))
        : admin.fetchTopicOffsetsByTimestamp(topic, from.getTime()),
    ]);
    const partitions = targets.filter(({ partition, offset }) => {
      const next = committed[0]?.partitions.find((each) => each.partition === partition)?.offset ?? '-1';
      return BigInt(next) > BigInt(offset);
    });
    if (partitions.length > 0) await setOffsets(admin, group, topic, partitions);
  }
}

async function setOffsets(admin: Admin, group: string, topic: string, partitions: { partition: number; offset: string }[]): Promise<void> {
  try {
    await admin.setOffsets({ groupId: group, topic, partitions: partitions.map(({ partition, offset }) => ({ partition, offset })) });
  } catch (error) {
    if (/must have no running instances/.test(messageOf(error))) throw groupRunning(group, error);
    throw error;
  }
}
