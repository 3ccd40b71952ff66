import type { Database } from '@emp/database';
import { newId, type Clock } from '@emp/kernel';
import { Decimal } from '@emp/money';
import { evseKey, operatorPrefixOf, parseEvseId } from '@emp/oicp';
import { CLOCK, DATABASE, Problem } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayConfig } from '../config.ts';
import { Pseudonyms } from '../contracts/pseudonyms.ts';
import { decideWithinLimits, type AuthorizationDecision } from '../domain/authorization.ts';
import type { ContractUsage } from '../domain/limits.ts';
import { decideRemoteStart } from '../domain/remote-start.ts';
import { lockUsage, readUsage } from '../limits/usage.store.ts';
import { Providers } from '../providers.ts';
import { Subscriptions } from '../subscriptions/subscriptions.ts';
import { CONFIG } from '../tokens.ts';
import { AcceptCommand, type Accepted } from './accept-command.ts';
import { ContractOfCommand } from './contract-of-command.ts';
import { countLostStarts, findOpenStart, insertCommand, type NewCommand } from './command.store.ts';
import type { ReservationRequest } from './command-requests.ts';
import { DEFAULT_MINUTES } from './lost-starts.ts';

/** Starts charging, or keeps an EVSE for later: decided by our rules, written down, and only then sent. */
@Injectable()
export class StartCommandHandler {
  constructor(
    private readonly contracts: ContractOfCommand,
    private readonly providers: Providers,
    private readonly subscriptions: Subscriptions,
    private readonly pseudonyms: Pseudonyms,
    private readonly accept: AcceptCommand,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async start(
    kind: 'remote-start' | 'reservation-start',
    request: ReservationRequest & { readonly commandId: string },
    caller: string,
  ): Promise<Accepted> {
    this.accept.isOpen();
    const evse = parseEvseId(request.evseId);
    if (!evse.ok) throw new Problem(400, 'request-invalid', `/evseId ${evse.refusal.detail}`);
    const { contract, sealedEvcoId } = await this.contracts.find(request);
    const at = this.clock.now();
    const { contractRef, providerId } = contract;
    const decision = decideRemoteStart(
      {
        contract,
        evseId: evse.value,
        operatorId: operatorPrefixOf(evse.value) ?? '',
        providerMode: this.providers.modeOf(providerId),
        subscribed: this.subscriptions.of(providerId),
      },
      at.getTime(),
    );
    const minutes = kind === 'remote-start' ? null : (request.durationMinutes ?? DEFAULT_MINUTES);
    const key = evseKey(evse.value);
    const product = request.partnerProductId ?? null;
    const wish = [kind, contractRef, key, product, minutes, request.empPartnerSessionId ?? null];
    const command = (decided: AuthorizationDecision): NewCommand => ({
      commandId: request.commandId,
      kind,
      wishHash: this.pseudonyms.textFingerprint(JSON.stringify(wish)),
      providerId,
      contractRef,
      evseId: evse.value,
      evseKey: key,
      sessionId: null,
      empPartnerSessionId: request.empPartnerSessionId?.toLowerCase() ?? newId(),
      partnerProductId: product,
      durationMinutes: minutes,
      tariffPlanId: contract.tariffPlanId,
      caller,
      explanation: decided.explanation,
      requestedAt: at,
      refusedWith: decided.status === 'Authorized' ? null : decided.code,
    });
    return this.accept.once(command(decision), {
      sealedEvcoId,
      insert: () => this.#insert(decision, command, at),
      taken: (taken) => this.#refuseSecond(taken),
    });
  }

  /** Who starts within limits does so one after the other: two starts must not both take the last place. */
  #insert(
    decision: AuthorizationDecision,
    command: (decided: AuthorizationDecision) => NewCommand,
    at: Date,
  ): Promise<boolean> {
    if (decision.status === 'NotAuthorized') return insertCommand(this.database, command(decision));
    const { contractRef, rules } = decision.contract;
    if (rules.sessionLimit === null && !rules.hasCredit) return insertCommand(this.database, command(decision));
    return this.database.transaction(async (tx) => {
      await lockUsage(tx, contractRef);
      const hoursAgo = (hours: number): Date => new Date(at.getTime() - hours * 3_600_000);
      const spans = {
        liveSince: hoursAgo(this.config.LIVE_SESSION_HOURS),
        heldSince: hoursAgo(this.config.CREDIT_HOLD_HOURS),
      };
      const usage = await readUsage(tx, { contractRef, sessionId: '' }, spans);
      const within = decideWithinLimits(decision, withLostStarts(usage, await countLostStarts(tx, contractRef)));
      return insertCommand(tx, command(within));
    });
  }

  /** Never a second start while nobody knows what became of the first (OICP §2.8). */
  async #refuseSecond(command: NewCommand): Promise<never> {
    const open = await findOpenStart(this.database, command);
    const detail =
      open?.state === 'unknown'
        ? 'nobody knows yet whether an earlier start of this contract has begun here: look, then resolve that command'
        : 'an earlier start of this contract is on its way to this EVSE';
    throw new Problem(409, 'start-unsettled', detail, open ? { commandId: open.command_id, state: open.state } : {});
  }
}

/** A start whose session is not known yet may be charging, and takes its share. */
function withLostStarts(usage: ContractUsage, lost: number): ContractUsage {
  const { credit } = usage;
  return {
    ...usage,
    liveSessions: usage.liveSessions + lost,
    credit: credit && { ...credit, held: credit.held.plus(credit.reservePerSession.times(Decimal.of(lost))) },
  };
}
