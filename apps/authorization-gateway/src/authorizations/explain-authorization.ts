import type { Clock } from '@emp/kernel';
import { operatorKey, parseOperatorId, readOicpValue } from '@emp/oicp';
import { CLOCK, Problem } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { StartRules } from '../authorize-start/start-rules.ts';
import { PinDesk } from '../contracts/pin/pin-desk.ts';
import { PresentedMedia } from '../contracts/presented-medium.ts';
import type { AuthorizationDecision, PresentedMedium } from '../domain/authorization.ts';
import { explainFindings } from '../door/explain-refusal.ts';
import { evseIdOf } from '../door/wire.ts';
import { LimitedGrants, isLimited } from '../limits/limited-grants.ts';

/** No session has this id: nothing is left out when sessions are counted. */
const NO_SESSION = '';

export interface ExplainedAuthorization {
  readonly status: 'Authorized' | 'NotAuthorized';
  readonly code: string;
  readonly rule: string;
  readonly facts: Readonly<Record<string, string | null>>;
}

/**
 * What we would answer now to this AuthorizeStart, and why. Nothing is written but the attempt a PIN costs: otherwise
 * this would be the place to try them out.
 */
@Injectable()
export class ExplainAuthorization {
  constructor(
    private readonly media: PresentedMedia,
    private readonly rules: StartRules,
    private readonly pins: PinDesk,
    private readonly limits: LimitedGrants,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async explain(body: unknown): Promise<ExplainedAuthorization> {
    const read = readOicpValue('AuthorizeStart', body);
    if (!read.ok) {
      const detail = explainFindings(read.findings, JSON.stringify(body ?? ''));
      throw new Problem(400, 'message-unreadable', `an AuthorizeStart of OICP is expected: ${detail}`);
    }
    const { OperatorID, EvseID, Identification } = read.message;
    const operatorId = parseOperatorId(OperatorID ?? '');
    if (!operatorId.ok) throw new Problem(400, 'operator-id-malformed', `/OperatorID: ${operatorId.refusal.detail}`);
    const at = this.clock.now();
    const place = { operatorId: operatorId.value, evseId: evseIdOf(EvseID) };
    const medium = await this.#withPin(this.media.of(Identification), Identification.QRCodeIdentification?.PIN, at);
    const decision = this.rules.decide(medium, place, at);
    const isYes = decision.status === 'Authorized';
    const counted = isYes && isLimited(decision) ? await this.limits.tryOut(decision, NO_SESSION, at) : decision;
    return viewOf(counted, operatorKey(place.operatorId));
  }

  async #withPin(medium: PresentedMedium, pin: string | undefined, at: Date): Promise<PresentedMedium> {
    if (medium.kind !== 'qr' || !medium.contract || medium.pin !== 'unchecked') return medium;
    return { ...medium, pin: await this.pins.verdictOn(pin, medium.contract.contractRef, at) };
  }
}

const viewOf = ({ status, code, explanation }: AuthorizationDecision, operator: string): ExplainedAuthorization => ({
  status,
  code,
  rule: explanation.rule,
  facts: { operator, ...explanation.facts },
});
