import type { Message } from 'kafkajs';
import { EmpError, messageOf } from '@emp/kernel';
import { backOffMs, pause } from '../back-off.ts';
import type { Log } from '../log.ts';
import { protocolErrorOf } from './protocol-error.ts';
import { sizeOf } from './record.ts';

export interface PartitionWriterParts {
  readonly topic: string;
  readonly partition: number;
  readonly producer: { send(topic: string, records: readonly Message[]): Promise<void> };
  readonly log: Log;
  /** Aborts, with the error for those who still wait, when nothing more is to be sent. */
  readonly closing: AbortSignal;
}

/** Records that become durable together. */
interface Parcel {
  readonly records: readonly Message[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Below Kafka's usual limit of 1 MiB per batch, headers of the batch included. */
const MOST_BYTES = 900_000;
const MOST_RECORDS = 2_000;
const RESEND = { firstMs: 100, longestMs: 2_000 };

/**
 * The one who writes to a partition: one send at a time, and a batch that was rejected is sent again, the same, before
 * anything else. Two of the four rules without which kafkajs acknowledges records that the log never got.
 */
export class PartitionWriter {
  readonly #parts: PartitionWriterParts;
  readonly #waiting: Parcel[] = [];
  #draining = false;

  constructor(parts: PartitionWriterParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when all of the records are durable, after everything that was written before. Rejects only when it is
   * certain that nothing will become of them: `event-too-large`, or the reason of the closing.
   */
  async write(records: readonly Message[]): Promise<void> {
    const written = parcelsOf(records).map((parcel) => new Promise<void>((resolve, reject) => {
      this.#waiting.push({ ...parcel, resolve, reject });
    }));
    if (!this.#draining) void this.#drain();
    await Promise.all(written);
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    while (this.#waiting.length > 0) {
      const parcels = this.#takeBatch();
      try {
        await this.#sendUntilDurable(parcels.flatMap(({ records }) => records));
        for (const { resolve } of parcels) resolve();
      } catch (error) {
        for (const { reject } of parcels) reject(error);
      }
    }
    this.#draining = false;
  }

  /** Waiting parcels that fit into one send; at least one. */
  #takeBatch(): Parcel[] {
    let [bytes, records, count] = [0, 0, 0];
    for (const parcel of this.#waiting) {
      bytes += parcel.bytes;
      records += parcel.records.length;
      if (count > 0 && (bytes > MOST_BYTES || records > MOST_RECORDS)) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #sendUntilDurable(records: readonly Message[]): Promise<void> {
    const { topic, partition, producer, log, closing } = this.#parts;
    for (let attempt = 1; ; attempt += 1) {
      closing.throwIfAborted();
      try {
        return await producer.send(topic, records);
      } catch (error) {
        if (REFUSED.has(protocolErrorOf(error) ?? '')) throw tooLarge(topic, records, error);
        closing.throwIfAborted();
        log.warn({ topic, partition, events: records.length, attempt, reason: messageOf(error), err: error }, 'events not acknowledged, sending the same again');
        await pause(backOffMs(RESEND, attempt), closing);
      }
    }
  }
}

/** What the broker looks at before it appends anything: the records are certainly not in the log. */
const REFUSED = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

function tooLarge(topic: string, records: readonly Message[], cause: unknown): EmpError {
  const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
  return new EmpError('event-too-large', `topic ${topic} refused ${records.length} events of ${bytes} bytes (${messageOf(cause)}): see its max.message.bytes`, { retry: 'useless', cause });
}

function parcelsOf(records: readonly Message[]): { records: Message[]; bytes: number }[] {
  const parcels: { records: Message[]; bytes: number }[] = [];
  for (const record of records) {
    const bytes = sizeOf(record);
    const last = parcels.at(-1);
    if (last && last.bytes + bytes <= MOST_BYTES && last.records.length < MOST_RECORDS) {
      last.records.push(record);
      last.bytes += bytes;
    } else {
      parcels.push({ records: [record], bytes });
    }
  }
  return parcels;
}
