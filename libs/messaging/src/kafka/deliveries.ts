import { PartitionDelivery, type PartitionDeliveryParts } from './partition-delivery.ts';

/** The partitions of one member of a group, from session to session: what is under way outlives a lost session. */
export class Deliveries {
  readonly #parts: Omit<PartitionDeliveryParts, 'topic' | 'partition'>;
  readonly #deliveries = new Map<string, PartitionDelivery>();

  constructor(parts: Omit<PartitionDeliveryParts, 'topic' | 'partition'>) {
    this.#parts = parts;
  }

  of(topic: string, partition: number): PartitionDelivery {
    const name = `${topic}/${partition}`;
    const known = this.#deliveries.get(name);
    if (known) return known;
    const delivery = new PartitionDelivery({ ...this.#parts, topic, partition });
    this.#deliveries.set(name, delivery);
    return delivery;
  }

  /** What is ours from now on; what was and is not is revoked. */
  assign(assignment: Readonly<Record<string, readonly number[]>>): void {
    const ours = new Set(Object.entries(assignment).flatMap(([topic, partitions]) => partitions.map((partition) => this.of(topic, partition))));
    for (const delivery of this.#deliveries.values()) {
      if (ours.has(delivery)) delivery.assign();
      else delivery.revoke('the partition belongs to another member');
    }
  }

  revokeAll(reason: string): void {
    for (const delivery of this.#deliveries.values()) delivery.revoke(reason);
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all([...this.#deliveries.values()].map(({ underWay }) => underWay));
  }
}
