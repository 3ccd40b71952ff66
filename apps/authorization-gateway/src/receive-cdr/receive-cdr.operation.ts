import { parseOffsetDateTime } from '@emp/kernel';
import { readOicpValue } from '@emp/oicp';
import { Injectable } from '@nestjs/common';
import { Pseudonyms } from '../contracts/pseudonyms.ts';
import { acknowledgement } from '../door/answers.ts';
import { explainNotJson } from '../door/explain-refusal.ts';
import type { DoorAnswer, DoorOperation, DoorRequest, RefusalCode } from '../door/door-operation.ts';
import { evseIdOf, operatorOf, sessionIdOf } from '../door/wire.ts';
import { HeardIdentities } from '../sessions/heard-identity.ts';
import { ReceiveCdrHandler } from './receive-cdr.handler.ts';

/**
 * eRoamingChargeDetailRecord 2.2 (OICP §8.3). Takes whatever is JSON and names a session: what a record says is judged
 * behind the door, nothing may be lost at it.
 */
@Injectable()
export class ReceiveCdrOperation implements DoorOperation {
  readonly name = 'ChargeDetailRecord';
  readonly path = '/cdrmgmt/v22/operators/:operatorID/charge-detail-record';
  readonly event = 'record received';

  constructor(
    private readonly handler: ReceiveCdrHandler,
    private readonly pseudonyms: Pseudonyms,
    private readonly identities: HeardIdentities,
  ) {}

  async answer(request: DoorRequest): Promise<DoorAnswer> {
    const record = parse(request.text);
    if (record === 'not-json' || record === 'not-an-object') {
      request.about.rule = 'not-a-json-object';
      return this.refuse('022', record === 'not-json' ? explainNotJson(request.text) : 'the message: no JSON object');
    }
    const given = record['SessionID'];
    if (typeof given !== 'string' || given.trim() === '') {
      request.about.rule = 'session-id-missing';
      return this.refuse('022', '/SessionID: is missing');
    }
    const read = readOicpValue('ChargeDetailRecord', record);
    const message = read.ok ? read.message : undefined;
    const operatorId = operatorOf(request, undefined, read.findings);
    // An id that is none still names its record, and must not carry who knows what into tables and events.
    const sessionId = sessionIdOf(given) ?? `odd-${this.pseudonyms.textFingerprint(given)}`;
    const evseId = evseIdOf(message?.EvseID);
    Object.assign(request.about, { sessionId, operatorId, evseId });
    const received = await this.handler.receive({
      sessionId,
      operatorId,
      evseId,
      text: request.text,
      identification: message?.Identification,
      begunAt: millisOf(message?.SessionStart ?? message?.ChargingStart),
      ...this.identities.of(message?.Identification, message?.EMPPartnerSessionID),
      processId: request.processId,
      at: request.receivedAt,
    });
    request.about.rule = received;
    return acknowledgement('000', { sessionId, cpoPartnerSessionId: message?.CPOPartnerSessionID });
  }

  refuse(code: RefusalCode, what?: string): DoorAnswer {
    return acknowledgement(code, { what });
  }
}

function parse(text: string): Readonly<Record<string, unknown>> | 'not-json' | 'not-an-object' {
  try {
    const value: unknown = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : 'not-an-object';
  } catch {
    return 'not-json';
  }
}

function millisOf(text: string | undefined): number | null {
  const read = parseOffsetDateTime(text ?? '');
  return read.ok ? read.value.epochMillis : null;
}
