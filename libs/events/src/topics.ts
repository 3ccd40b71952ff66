/** Every topic of the system. The dead letters of `<topic>` go to `<topic>.dlq`. */
export const TOPICS = {
  'emp.contract.v1': { partitions: 6, keep: 'latest-per-key' },
  'emp.session.v1': { partitions: 6, keep: { days: 30 } },
  'emp.cdr-intake.v1': { partitions: 6, keep: { days: 30 } },
  'emp.cdr.v1': { partitions: 6, keep: { days: 90 } },
  'emp.evse.v1': { partitions: 6, keep: 'latest-per-key' },
  'emp.evse-status.v1': { partitions: 6, keep: 'latest-per-key' },
  'emp.price.v1': { partitions: 3, keep: 'latest-per-key' },
  'emp.billing.v1': { partitions: 6, keep: { days: 90 } },
  /** What services tell each other about the events themselves. */
  'emp.operations.v1': { partitions: 1, keep: { days: 14 } },
} as const satisfies Record<string, TopicSettings>;

export interface TopicSettings {
  readonly partitions: number;
  readonly keep: 'latest-per-key' | { readonly days: number };
}

export type Topic = keyof typeof TOPICS;

export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;
