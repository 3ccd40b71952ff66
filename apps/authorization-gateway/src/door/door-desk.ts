import { EmpError, type Clock } from '@emp/kernel';
import type { Log } from '@emp/service-kit';
import type { Meter } from '@opentelemetry/api';
import type { DoorAnswer, DoorOperation, DoorRequest, OutcomeFacts } from './door-operation.ts';
import { TOO_LATE, withinDeadline } from './within-deadline.ts';

export type Arrival = Pick<DoorRequest, 'text' | 'pathOperatorId' | 'processId'>;

/** Most requests are about cards of other providers (OICP §6.2): counted, and told only to who wants to see it all. */
const EVERYDAY = '102';

/**
 * Answers every message that got through the door: in time, whatever hangs; with a code, whatever breaks; with one log
 * line and one measurement. Reasons of failures are named by slug: messages of errors may quote what was sent.
 */
export class DoorDesk {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #durations;
  readonly #failures;
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #labels = new Map<string, { readonly operation: string }>();

  constructor(options: {
    readonly log: Log;
    readonly clock: Clock;
    readonly meter: Meter;
    readonly deadlineMs: number;
  }) {
    this.#log = options.log;
    this.#clock = options.clock;
    this.#deadlineMs = options.deadlineMs;
    this.#durations = options.meter.createHistogram('door_answer_duration', {
      unit: 'ms',
      description: 'time until HBS has its answer, by operation',
      advice: { explicitBucketBoundaries: [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 2_500] },
    });
    this.#failures = options.meter.createCounter('door_failures', {
      description: 'answers 021 by operation and reason',
    });
    options.meter
      .createObservableCounter('door_answers', { description: 'answers to HBS by operation and status code' })
      .addCallback((observed) => {
        for (const [operation, codes] of this.#counts) {
          for (const [code, count] of codes) observed.observe(count, { operation, code });
        }
      });
  }

  /** Answers of AuthorizeStart by code since the start of this process. */
  get authorizations(): Readonly<Record<string, number>> {
    return Object.fromEntries([...(this.#counts.get('AuthorizeStart') ?? [])].sort());
  }

  /** At once if nothing has to be waited for. Never throws, never rejects. */
  answer(operation: DoorOperation, arrival: Arrival): DoorAnswer | Promise<DoorAnswer> {
    const begun = performance.now();
    const request: DoorRequest = {
      text: arrival.text,
      pathOperatorId: arrival.pathOperatorId,
      processId: arrival.processId,
      receivedAt: this.#clock.now(),
      about: { operatorId: arrival.pathOperatorId },
    };
    try {
      const given = operation.answer(request);
      return given instanceof Promise
        ? this.#await(given, operation, { request, begun })
        : this.#told(operation, given, { request, begun });
    } catch (error) {
      return this.#failed(operation, failureOf(error), { request, begun });
    }
  }

  /** For what never became a request: too large, an unreadable path. `what` goes to HBS. */
  refuse(operation: DoorOperation, processId: string | null, what: string): DoorAnswer {
    const answer = operation.refuse('022', what);
    this.#count(operation, answer.code);
    this.#log.info(
      { operation: operation.name, processId, reason: what, outcome: answer.outcome, code: answer.code },
      operation.event,
    );
    return answer;
  }

  /** More than we take at once: the quickest answer there is, without a line of its own. */
  overloaded(operation: DoorOperation): DoorAnswer {
    const answer = operation.refuse('106');
    this.#count(operation, answer.code);
    return answer;
  }

  async #await(given: Promise<DoorAnswer>, operation: DoorOperation, one: OneRequest): Promise<DoorAnswer> {
    try {
      const answer = await withinDeadline(given, this.#deadlineMs, () => this.#late(operation, one.request));
      return answer === TOO_LATE
        ? this.#failed(operation, { reason: 'deadline' }, one)
        : this.#told(operation, answer, one);
    } catch (error) {
      return this.#failed(operation, failureOf(error), one);
    }
  }

  #failed(operation: DoorOperation, failure: Failure, { request, begun }: OneRequest): DoorAnswer {
    const answer = operation.refuse('021');
    operation.toldFailure?.(request);
    const durationMs = performance.now() - begun;
    this.#measure(operation, answer.code, durationMs);
    this.#failures.add(1, { operation: operation.name, reason: failure.reason });
    this.#log.error({ ...lineOf(operation, request, answer, durationMs), ...failure }, operation.event);
    return answer;
  }

  #told(operation: DoorOperation, answer: DoorAnswer, { request, begun }: OneRequest): DoorAnswer {
    const durationMs = performance.now() - begun;
    this.#measure(operation, answer.code, durationMs);
    const level = answer.code === EVERYDAY && request.about.hint === undefined ? 'debug' : 'info';
    if (this.#log.isLevelEnabled(level)) {
      this.#log[level](lineOf(operation, request, answer, durationMs), operation.event);
    }
    return answer;
  }

  #measure(operation: DoorOperation, code: string, durationMs: number): void {
    let labels = this.#labels.get(operation.name);
    if (labels === undefined) this.#labels.set(operation.name, (labels = { operation: operation.name }));
    this.#durations.record(durationMs, labels);
    this.#count(operation, code);
  }

  #count({ name }: DoorOperation, code: string): void {
    let codes = this.#counts.get(name);
    if (codes === undefined) this.#counts.set(name, (codes = new Map()));
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }

  #late(operation: DoorOperation, { processId, about }: DoorRequest): void {
    this.#log.warn({ operation: operation.name, processId, ...about }, 'work ended after its deadline');
  }
}

interface OneRequest {
  readonly request: DoorRequest;
  readonly begun: number;
}

const lineOf = (
  operation: DoorOperation,
  { processId, about }: { readonly processId: string | null; readonly about: OutcomeFacts },
  { outcome, code }: DoorAnswer,
  durationMs: number,
): object => ({
  operation: operation.name,
  processId,
  ...about,
  outcome,
  code,
  ms: Math.round(durationMs * 100) / 100,
});

interface Failure {
  readonly reason: string;
  readonly at?: string | undefined;
}

/** The slug of what was foreseen; of the rest the kind of error and the place in our code. */
function failureOf(error: unknown): Failure {
  if (error instanceof EmpError) return { reason: error.slug };
  if (!(error instanceof Error)) return { reason: 'not-an-error' };
  return {
    reason: error.name,
    at: error.stack
      ?.split('\n')
      .find((line) => line.startsWith('    at '))
      ?.trim(),
  };
}
