import type { EmpEvent } from '@emp/events';
import type { Batch, DeliveredEvent } from '../broker/broker.ts';
import { decodeEvent } from '../cloud-event.ts';
import { OUTDATED, REPLAY_FOR } from '../dead-letter/dead-letter.ts';

/** An event as it was delivered, read if it could be read. */
export type Letter = ReadableLetter | { readonly delivered: DeliveredEvent; readonly unreadable: string };

export interface ReadableLetter {
  readonly delivered: DeliveredEvent;
  readonly event: EmpEvent;
}

/** The letters of a batch that concern the group: what is replayed for another one, or outdated, is passed over. */
export function lettersFor(group: string, batch: Batch): Letter[] {
  return batch.events
    .filter(({ headers }) => (headers[REPLAY_FOR] ?? group) === group && headers[OUTDATED] === undefined)
    .map((delivered) => {
      const read = decodeEvent(delivered);
      return read.ok ? { delivered, event: read.value } : { delivered, unreadable: read.refusal.detail };
    });
}

export const isReadable = (letter: Letter): letter is ReadableLetter => 'event' in letter;
