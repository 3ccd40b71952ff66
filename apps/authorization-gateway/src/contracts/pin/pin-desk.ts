import type { Database } from '@emp/database';
import { METER } from '@emp/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import type { Meter } from '@opentelemetry/api';
import type { GatewayConfig } from '../../config.ts';
import type { PinVerdict } from '../../domain/authorization.ts';
import { CONFIG, DOOR_DATABASE } from '../../tokens.ts';
import { withinDeadline, TOO_LATE } from '../../door/within-deadline.ts';
import { pinFits } from './bcrypt-pins.ts';
import { forgetWrongOnes, hashedPinOf, takeAttempt, type AttemptLimit } from './pin-attempts.store.ts';
import { PinSlots } from './pin-slots.ts';

/** Of the deadline: the rest is for what comes before and after. */
const SHARE_FOR_WAITING = 0.3;
const SHARE_FOR_ALL = 0.6;

/**
 * Looks at PINs of QR codes. Each look costs a native thread some 60 ms, so few happen at once, a contract has few
 * wrong ones in a span of time, on all replicas together, and an attempt counts before it is looked at.
 *
 * A contract id we do not know costs no look. That its answer comes sooner tells who listens that we do not have it;
 * so does the answer to Plug & Charge, which has no PIN at all. To look at a dummy would hide nothing, and would let
 * anybody with made-up ids keep our threads busy.
 */
@Injectable()
export class PinDesk {
  readonly #slots: PinSlots;
  readonly #limit: AttemptLimit;
  readonly #longestMs: number;
  readonly #verdicts;

  constructor(
    @Inject(DOOR_DATABASE) private readonly database: Database,
    @Inject(CONFIG) config: GatewayConfig,
    @Inject(METER) meter: Meter,
  ) {
    this.#slots = new PinSlots(config.PIN_CHECKS_AT_ONCE, config.DOOR_DEADLINE_MS * SHARE_FOR_WAITING);
    this.#limit = { attempts: config.PIN_ATTEMPTS, minutes: config.PIN_ATTEMPTS_MINUTES };
    this.#longestMs = config.DOOR_DEADLINE_MS * SHARE_FOR_ALL;
    this.#verdicts = meter.createCounter('pin_checks', { description: 'PINs of QR codes by verdict' });
    meter
      .createObservableGauge('pin_checks_waiting', { description: 'PINs that wait to be looked at' })
      .addCallback((gauge) => gauge.observe(this.#slots.waiting));
  }

  /** What is to be said of a PIN that came with a contract we know. */
  async verdictOn(pin: string | undefined, contractRef: string, at: Date): Promise<PinVerdict> {
    const verdict = pin === undefined || pin === '' ? 'absent' : await this.#checked(pin, contractRef, at);
    this.#verdicts.add(1, { verdict });
    return verdict;
  }

  async #checked(pin: string, contractRef: string, at: Date): Promise<PinVerdict> {
    const check = this.#slots.run(() => this.#check(pin, contractRef, at));
    const verdict = await withinDeadline(check, this.#longestMs, () => undefined);
    return verdict === TOO_LATE ? 'timed-out' : verdict;
  }

  async #check(pin: string, contractRef: string, at: Date): Promise<PinVerdict> {
    const hashed = await hashedPinOf(this.database, contractRef);
    if (hashed === null) return 'none-on-record';
    if (!(await takeAttempt(this.database, contractRef, this.#limit, at))) return 'locked';
    if (!(await pinFits(pin, hashed))) return 'wrong';
    await forgetWrongOnes(this.database, contractRef);
    return 'correct';
  }
}
