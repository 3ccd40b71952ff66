import { newId } from '@emp/kernel';
import { Problem } from '@emp/service-kit';
import { Injectable } from '@nestjs/common';
import { Pseudonyms } from '../contracts/pseudonyms.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The id that makes a repeat of a command recognisable. An `Idempotency-Key` becomes one, so that the repeat is told how
 * the command stands now, and a process that died in between changes nothing: the command was written down first.
 */
@Injectable()
export class CommandIds {
  constructor(private readonly pseudonyms: Pseudonyms) {}

  of(given: { readonly commandId?: string; readonly key: string | undefined; readonly caller: string }): string {
    const { commandId, key, caller } = given;
    if (commandId !== undefined) return commandId.toLowerCase();
    if (key === undefined) return newId();
    if (!KEY.test(key)) {
      throw new Problem(400, 'idempotency-key-malformed', 'Idempotency-Key: 1 to 255 printable characters, no spaces');
    }
    const hex = this.pseudonyms.textFingerprint(JSON.stringify(['command', caller, key]));
    return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => hex.slice(from, to)).join('-');
  }
}
