import { readOicp } from '@emp/oicp';
import { Injectable } from '@nestjs/common';
import { authorized, notAuthorized } from '../door/answers.ts';
import { explainFindings } from '../door/explain-refusal.ts';
import type { DoorAnswer, DoorOperation, DoorRequest, RefusalCode } from '../door/door-operation.ts';
import { NO_IDENTIFICATION, NO_SESSION_ID, evseIdOf, operatorOf, sessionIdOf } from '../door/wire.ts';
import { Providers } from '../providers.ts';
import { AuthorizeStopHandler } from './authorize-stop.handler.ts';

/** eRoamingAuthorizeStop 2.1 (OICP §8.2). */
@Injectable()
export class AuthorizeStopOperation implements DoorOperation {
  readonly name = 'AuthorizeStop';
  readonly path = '/charging/v21/operators/:operatorID/authorize/stop';
  readonly event = 'stop decided';

  constructor(
    private readonly handler: AuthorizeStopHandler,
    private readonly providers: Providers,
  ) {}

  async answer(request: DoorRequest): Promise<DoorAnswer> {
    const read = readOicp('AuthorizeStop', request.text);
    const message = read.ok ? read.message : undefined;
    request.about.operatorId = operatorOf(request, message?.OperatorID, read.findings);
    const sessionId = sessionIdOf(message?.SessionID);
    request.about.sessionId = sessionId ?? null;
    if (message === undefined) return this.refuse('022', explainFindings(read.findings, request.text));
    if (sessionId === undefined) return this.refuse('022', NO_SESSION_ID);
    request.about.evseId = evseIdOf(message.EvseID);
    const decision = await this.handler.decide({
      sessionId,
      identification: message.Identification,
      processId: request.processId,
      at: request.receivedAt,
      about: request.about,
    });
    request.about.rule = decision.rule;
    const echo = { sessionId, cpoPartnerSessionId: message.CPOPartnerSessionID };
    return decision.status === 'Authorized'
      ? authorized('AuthorizationStop', {
          ...echo,
          providerId: this.providers.answersAs(decision.providerId),
          empPartnerSessionId: decision.empPartnerSessionId,
        })
      : notAuthorized('AuthorizationStop', decision.code, {
          ...echo,
          what: decision.code === '022' ? NO_IDENTIFICATION : undefined,
        });
  }

  refuse(code: RefusalCode, what?: string): DoorAnswer {
    return notAuthorized('AuthorizationStop', code, { what });
  }
}
