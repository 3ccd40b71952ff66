import type { Log } from '@emp/service-kit';
import type { Faults } from '../faults/faults.ts';
import type { Journal } from '../journal/journal.ts';
import { pause } from '../pause.ts';
import type { Random } from '../random.ts';
import type { Door } from '../station/door.ts';
import type { AuthenticationData } from './authentication-data.ts';
import type { RecordStore, StoredRecord } from './record-store.ts';

export interface DeskParts {
  readonly journal: Journal;
  readonly records: RecordStore;
  readonly authenticationData: AuthenticationData;
  readonly door: Door;
  readonly random: Random;
  readonly log: Log;
  readonly now: () => Date;
  readonly faults: () => Faults;
}

/**
 * What HBS does with a charge detail record (OICP §8.3): it keeps it first, on the disk, and then forwards it once. There
 * is no redelivery: a record that was not acknowledged waits for the EMP's pull.
 */
export class RecordDesk {
  readonly #parts: DeskParts;
  readonly #closing = new AbortController();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Returns when the record is kept and, for online providers, when the EMP has had its chance. */
  async receive(record: StoredRecord): Promise<void> {
    const { journal, records, faults, random } = this.#parts;
    await journal.append({ entry: 'record-stored', record });
    records.add(record);
    if (!this.#isForwarded(record) || random.chance(faults().unforwardedRecord)) return;
    await pause(faults().delayedRecordMs, this.#closing.signal);
    if (!(await this.#forward(record))) return;
    if (random.chance(faults().lostAcknowledgement) && !(await this.#forward(record))) return;
    const at = this.#parts.now().toISOString();
    await journal.append({ entry: 'record-acknowledged', sessionId: record.sessionId, at });
    records.acknowledge(record.sessionId, at);
    if (random.chance(faults().repeatedRecord)) await this.#forward(record);
  }

  /** Delays no longer. */
  hurry(): void {
    this.#closing.abort();
  }

  #isForwarded({ mode, providerId }: StoredRecord): boolean {
    return mode === 'online' || (mode === 'remote' && !this.#parts.authenticationData.isOffline(providerId));
  }

  async #forward(record: StoredRecord): Promise<boolean> {
    const answer = await this.#parts.door.forward(record.operatorId, record.text);
    const taken = answer?.body['Result'] === true;
    if (!taken) this.#parts.log.warn({ sessionId: record.sessionId, httpStatus: answer?.httpStatus ?? null }, 'record not taken');
    return taken;
  }
}
