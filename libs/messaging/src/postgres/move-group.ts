import { lockNumber, type Database } from '@emp/database';
import { groupRunning, type GroupMove } from '../broker/move-group.ts';

/** Moves the cursors of a group back, never forward, if no living member owns a partition. */
export async function moveGroup(database: Database, { group, topics, from }: GroupMove): Promise<void> {
  await database.transaction(async (tx) => {
    // Members take partitions under the same lock.
    await tx.query('SELECT pg_advisory_xact_lock($1)', [lockNumber(`group ${group}`)]);
    const owned = await tx.query(
      'SELECT FROM group_cursor WHERE consumer_group = $1 AND owner IS NOT NULL AND leased_until > clock_timestamp() LIMIT 1', [group],
    );
    if (owned.length > 0) throw groupRunning(group);
    if (from === 'beginning') {
      await tx.execute(`UPDATE group_cursor SET txid = '0', id = 0 WHERE consumer_group = $1 AND topic = ANY ($2)`, [group, topics]);
    } else {
      await tx.execute(
        `UPDATE group_cursor AS cursor SET txid = first.txid, id = first.id - 1
         FROM (SELECT DISTINCT ON (topic, partition) topic, partition, txid, id FROM log
               WHERE topic = ANY ($2) AND appended_at >= $3 ORDER BY topic, partition, txid, id) AS first
         WHERE cursor.consumer_group = $1 AND cursor.topic = first.topic AND cursor.partition = first.partition
           AND (cursor.txid, cursor.id) > (first.txid, first.id - 1)`,
        [group, topics, from],
      );
    }
  });
}
