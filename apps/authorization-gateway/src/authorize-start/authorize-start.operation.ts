import { readOicp } from '@emp/oicp';
import { Injectable } from '@nestjs/common';
import { authorized, notAuthorized } from '../door/answers.ts';
import { explainFindings } from '../door/explain-refusal.ts';
import type { DoorAnswer, DoorOperation, DoorRequest, RefusalCode } from '../door/door-operation.ts';
import { NO_IDENTIFICATION, NO_SESSION_ID, evseIdOf, operatorOf, sessionIdOf } from '../door/wire.ts';
import { Providers } from '../providers.ts';
import { AuthorizeStartHandler } from './authorize-start.handler.ts';

/** eRoamingAuthorizeStart 2.1 (OICP §8.1). */
@Injectable()
export class AuthorizeStartOperation implements DoorOperation {
  readonly name = 'AuthorizeStart';
  readonly path = '/charging/v21/operators/:operatorID/authorize/start';
  readonly event = 'authorization decided';

  constructor(
    private readonly handler: AuthorizeStartHandler,
    private readonly providers: Providers,
  ) {}

  answer(request: DoorRequest): DoorAnswer | Promise<DoorAnswer> {
    const read = readOicp('AuthorizeStart', request.text);
    if (!read.ok) {
      operatorOf(request, undefined, read.findings);
      return this.refuse('022', explainFindings(read.findings, request.text));
    }
    const { message } = read;
    const operatorId = operatorOf(request, message.OperatorID, read.findings);
    const sessionId = sessionIdOf(message.SessionID);
    const evseId = evseIdOf(message.EvseID);
    const { about } = request;
    about.sessionId = sessionId ?? null;
    about.evseId = evseId;
    about.operatorId = operatorId;
    // Optional in the text, always there in practice (§8.1). Without it nothing could follow: no stop, no record.
    if (sessionId === undefined || operatorId === null) {
      request.about.rule = sessionId === undefined ? 'session-id-missing' : 'operator-id-missing';
      return this.refuse('022', sessionId === undefined ? NO_SESSION_ID : '/OperatorID: is no operator id');
    }
    const decided = this.handler.decide({
      sessionId,
      operatorId,
      evseId,
      cpoPartnerSessionId: message.CPOPartnerSessionID,
      identification: message.Identification,
      processId: request.processId,
      at: request.receivedAt,
      about: request.about,
    });
    const echo = { sessionId, cpoPartnerSessionId: message.CPOPartnerSessionID };
    const reply = (verdict: Awaited<typeof decided>): DoorAnswer =>
      verdict.status === 'Authorized'
        ? authorized('AuthorizationStart', {
            ...echo,
            providerId: this.providers.answersAs(verdict.providerId),
            empPartnerSessionId: verdict.empPartnerSessionId,
            ...(verdict.stopIdentifications && { stopIdentifications: verdict.stopIdentifications }),
          })
        : notAuthorized(
            'AuthorizationStart',
            verdict.code,
            verdict.code === '022' ? { ...echo, what: NO_IDENTIFICATION } : echo,
          );
    // An unknown card is answered in the same turn of the event loop.
    return decided instanceof Promise ? decided.then(reply) : reply(decided);
  }

  refuse(code: RefusalCode, what?: string): DoorAnswer {
    return notAuthorized('AuthorizationStart', code, { what });
  }

  toldFailure(request: DoorRequest): void {
    this.handler.toldFailure(request.about, request.receivedAt);
  }
}
