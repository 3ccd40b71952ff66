import { Injectable } from '@nestjs/common';
import { decideAuthorization, type AuthorizationDecision, type PresentedMedium } from '../domain/authorization.ts';
import { Providers } from '../providers.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';

export interface StartPlace {
  readonly operatorId: string;
  readonly evseId: string | null;
}

/** The rules with what they need to know beside medium and place; from memory alone. */
@Injectable()
export class StartRules {
  constructor(
    private readonly providers: Providers,
    private readonly subscriptions: Subscriptions,
  ) {}

  decide(medium: PresentedMedium, { operatorId, evseId }: StartPlace, at: Date): AuthorizationDecision {
    const providerId = 'contract' in medium ? medium.contract?.providerId : undefined;
    const providerMode = providerId === undefined ? undefined : this.providers.modeOf(providerId);
    const subscribed = this.subscriptions.of(providerId);
    return decideAuthorization({ medium, providerMode, operatorId, evseId, subscribed }, at.getTime());
  }
}
