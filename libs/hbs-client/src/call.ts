import { messageOf } from '@emp/kernel';
import type { Connection, Connections } from './connection/connections.ts';
import { exchange, ExchangeBroke, type Answer } from './connection/exchange.ts';
import type { Trouble } from './decode.ts';
import { rateOf, type RateLimiter } from './limits/rate-limiter.ts';
import type { Operation, Repeatable } from './operations.ts';
import type { HbsLog, ObservedCall } from './options.ts';
import { pause } from './pause.ts';
import type { HbsFailure } from './result.ts';

/** One operation to be carried out, however many tries that takes. */
export interface Call<T extends { readonly ok: true }> {
  readonly operation: Operation;
  /** Differs from the operation's own for some messages. */
  readonly repeatable: Repeatable;
  readonly timeoutMs: number;
  /** Those of the provider who asks. */
  readonly connections: Connections;
  readonly providerId: string;
  /** Rate-limit bucket. */
  readonly bucket: string;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body: string | undefined;
  /** For the log; ids of sessions only. */
  readonly facts: object;
  /** Makes something of the answer; its signal is the deadline of this try. @throws ExchangeBroke if it is cut off. */
  readonly receive: (answer: Answer, signal: AbortSignal) => Promise<T | Trouble>;
}

export interface CallParts {
  readonly limiter: RateLimiter;
  readonly log: HbsLog;
  readonly backOffMs: number;
  readonly random: () => number;
  readonly userAgent: string;
  readonly closing: AbortSignal;
  readonly observe: ((call: ObservedCall) => void) | undefined;
}

const LONGEST_BACK_OFF_MS = 30_000;

/** Waits for its turn, sends, and repeats what may be repeated (OICP §2.8). Never throws for what HBS does. */
export async function carryOut<T extends { readonly ok: true }>(parts: CallParts, call: Call<T>): Promise<T | HbsFailure> {
  let done: HbsFailure['done'] = 'no';
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await oneTry(parts, call, attempt);
    if (outcome.ok) return outcome;
    if (outcome.done === 'perhaps') done = 'perhaps';
    const mayRepeat = outcome.transient && (call.repeatable === 'always' || outcome.done === 'no');
    if (!mayRepeat || attempt >= call.operation.attempts || parts.closing.aborted) return failureOf({ ...outcome, done }, mayRepeat);
    await pause(backOffMs(parts, attempt, outcome.retryAfterMs), parts.closing);
    if (parts.closing.aborted) return failureOf({ ...outcome, done }, mayRepeat);
  }
}

async function oneTry<T extends { readonly ok: true }>(parts: CallParts, call: Call<T>, attempt: number): Promise<T | Trouble> {
  const rate = rateOf(call.operation.perMinute);
  const waitMs = await parts.limiter.reserve(call.bucket, rate, call.operation.patienceMs);
  if (waitMs === undefined) return notSent('rate-limited', `our share of ${call.operation.perMinute} calls a minute is used up`);
  await pause(waitMs, parts.closing);
  if (parts.closing.aborted) return notSent('unreachable', 'the client is closing');

  const startedAt = performance.now();
  const outcome = await tryCertificates(parts, call);
  const durationMs = Math.round(performance.now() - startedAt);
  if (!outcome.ok && outcome.reason === 'rate-limited') {
    await parts.limiter.penalise(call.bucket, rate, outcome.retryAfterMs ?? parts.backOffMs * 2 ** attempt);
  }
  tell(parts, call, { outcome, durationMs, attempt });
  return outcome;
}

/** A certificate that is refused never carried the message: the next one may, whatever the operation. */
async function tryCertificates<T extends { readonly ok: true }>(parts: CallParts, call: Call<T>): Promise<T | Trouble> {
  let candidates: readonly Connection[];
  try {
    candidates = await call.connections.candidates(call.repeatable);
  } catch (error) {
    return notSent('unreachable', messageOf(error));
  }
  let outcome: T | Trouble = notSent('unreachable', 'no connection');
  for (const connection of candidates) {
    outcome = await overConnection(parts, call, connection);
    if (outcome.ok || outcome.reason !== 'unauthorized') break;
    call.connections.notAccepted(connection);
  }
  return outcome;
}

async function overConnection<T extends { readonly ok: true }>(
  parts: CallParts, call: Call<T>, connection: Connection,
): Promise<T | Trouble> {
  const signal = AbortSignal.timeout(call.timeoutMs);
  let answer: Answer | undefined;
  try {
    const { url, method, body } = call;
    answer = await exchange(connection, { url, method, body, userAgent: parts.userAgent, signal });
    const outcome = await call.receive(answer, signal);
    if (outcome.ok || outcome.reason !== 'unauthorized') call.connections.answered(connection);
    return outcome.ok || answer.retryAfterMs === undefined ? outcome : { ...outcome, retryAfterMs: answer.retryAfterMs };
  } catch (error) {
    if (!(error instanceof ExchangeBroke)) throw error;
    if (answer === undefined && error.sent === 'perhaps' && !signal.aborted) call.connections.brokeUnanswered(connection);
    return broken(error, { answer, timedOut: signal.aborted, timeoutMs: call.timeoutMs });
  }
}

function broken(
  error: ExchangeBroke,
  at: { readonly answer: Answer | undefined; readonly timedOut: boolean; readonly timeoutMs: number },
): Trouble {
  if (error.certificateRefused) return notSent('unauthorized', `the TLS handshake was refused: ${error.message}`, false);
  if (error.sent === 'no' && !at.timedOut) return notSent('unreachable', error.message);
  const what = at.timedOut ? `no answer within ${at.timeoutMs} ms` : `the connection broke: ${error.message}`;
  return {
    ok: false,
    reason: 'timeout',
    detail: at.answer === undefined ? what : `the answer was cut off: ${what}`,
    processId: at.answer?.processId ?? null,
    ...(at.answer === undefined ? {} : { httpStatus: at.answer.httpStatus }),
    transient: true,
    done: 'perhaps',
  };
}

const notSent = (reason: 'unreachable' | 'rate-limited' | 'unauthorized', detail: string, transient = true): Trouble =>
  ({ ok: false, reason, detail, processId: null, transient, done: 'no' });

/** Exponential with full jitter; `Retry-After` is the least. */
function backOffMs(parts: CallParts, attempt: number, retryAfterMs: number | undefined): number {
  const ceiling = Math.min(LONGEST_BACK_OFF_MS, parts.backOffMs * 2 ** (attempt - 1));
  return (retryAfterMs ?? 0) + parts.random() * ceiling;
}

function failureOf({ transient: _, retryAfterMs: __, ...failure }: Trouble, mayRepeat: boolean): HbsFailure {
  return { ...failure, retry: mayRepeat ? 'helps' : 'useless' };
}

function tell<T extends { readonly ok: true }>(
  parts: CallParts, call: Call<T>,
  ended: { readonly outcome: T | Trouble; readonly durationMs: number; readonly attempt: number },
): void {
  const { outcome, durationMs, attempt } = ended;
  const seen = outcome as { readonly processId?: string | null; readonly httpStatus?: number };
  const facts = {
    operation: call.operation.name, ...call.facts, attempt, durationMs,
    httpStatus: seen.httpStatus ?? null, processId: seen.processId ?? null,
  };
  if (outcome.ok) parts.log.debug(facts, 'hbs call answered');
  else parts.log.warn({ ...facts, reason: outcome.reason, code: outcome.statusCode?.Code ?? null, detail: outcome.detail }, 'hbs call failed');
  parts.observe?.({
    operation: call.operation.name, providerId: call.providerId, outcome: outcome.ok ? 'ok' : outcome.reason,
    httpStatus: facts.httpStatus, durationMs, attempt,
  });
}
