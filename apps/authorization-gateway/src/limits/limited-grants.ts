import type { Database } from '@emp/database';
import { EmpError } from '@emp/kernel';
import { Inject, Injectable } from '@nestjs/common';
import {
  insertGrants,
  insertRefusal,
  readAnswered,
  type DeniedSession,
  type GrantedSession,
  type NewGrant,
  type SessionToRefuse,
} from '../authorize-start/authorize-start.store.ts';
import type { GatewayConfig } from '../config.ts';
import { decideWithinLimits, type AuthorizationDecision, type Granted } from '../domain/authorization.ts';
import { CONFIG, DOOR_DATABASE } from '../tokens.ts';
import { holdCredit, lockUsage, readUsage, type UsageSpans } from './usage.store.ts';

const HOUR_MS = 3_600_000;

export interface LimitedQuestion {
  readonly sessionId: string;
  /** What the rules said as far as memory goes. */
  readonly yes: Granted;
  readonly at: Date;
  grantOf(yes: Granted): NewGrant;
  refusalOf(no: AuthorizationDecision): SessionToRefuse;
}

export interface LimitedOutcome {
  readonly decision: AuthorizationDecision;
  /** What was answered before; `undefined` if this decision is the answer and was refused. */
  readonly session: GrantedSession | DeniedSession | undefined;
}

/**
 * Grants sessions of contracts with limits: what is used is counted, and the answer written, while the contract's row
 * is locked, so that two taps at once do not both take the last place. Contracts without limits never come here.
 */
@Injectable()
export class LimitedGrants {
  readonly #liveMs: number;
  readonly #heldMs: number;

  constructor(
    @Inject(DOOR_DATABASE) private readonly database: Database,
    @Inject(CONFIG) config: GatewayConfig,
  ) {
    this.#liveMs = config.LIVE_SESSION_HOURS * HOUR_MS;
    this.#heldMs = config.CREDIT_HOLD_HOURS * HOUR_MS;
  }

  async answer({ sessionId, yes, at, grantOf, refusalOf }: LimitedQuestion): Promise<LimitedOutcome> {
    const { contractRef } = yes.contract;
    return this.database.transaction(async (tx) => {
      await lockUsage(tx, contractRef);
      const answered = await readAnswered(tx, sessionId);
      if (answered) return { decision: yes, session: answered };
      const usage = await readUsage(tx, { contractRef, sessionId }, this.spansAt(at));
      const decision = decideWithinLimits(yes, usage);
      if (decision.status === 'NotAuthorized') {
        const isNew = await insertRefusal(tx, refusalOf(decision));
        return { decision, session: isNew ? undefined : await readAnswered(tx, sessionId) };
      }
      const [granted] = await insertGrants(tx, [grantOf(decision)]);
      const { credit } = usage;
      if (granted && credit) {
        await holdCredit(tx, { sessionId, contractRef, amount: credit.reservePerSession, at });
      }
      const session = granted ?? (await readAnswered(tx, sessionId));
      if (session) return { decision, session };
      throw new EmpError('session-vanished', 'a session was neither inserted nor found', { retry: 'helps' });
    });
  }

  /** What would be answered now; nothing is locked and nothing written. */
  async tryOut(yes: Granted, sessionId: string, at: Date): Promise<AuthorizationDecision> {
    const { contractRef } = yes.contract;
    return decideWithinLimits(yes, await readUsage(this.database, { contractRef, sessionId }, this.spansAt(at)));
  }

  private spansAt(at: Date): UsageSpans {
    return {
      liveSince: new Date(at.getTime() - this.#liveMs),
      heldSince: new Date(at.getTime() - this.#heldMs),
    };
  }
}

/** Whether a contract has any limit that must be counted. */
export const isLimited = ({ contract }: Granted): boolean =>
  contract.rules.sessionLimit !== null || contract.rules.hasCredit;
