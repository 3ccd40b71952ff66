import { EmpError, type Clock } from '@emp/kernel';
import type { Log } from '@emp/service-kit';
import type { Meter } from '@opentelemetry/api';
import type { DoorAnswer, DoorOperation, DoorRequest, OutcomeFacts } from './door-operation.ts';
import { TOO_LATE, withinDeadline } from './within-deadline.ts';

export type Arrival = Pick<DoorRequest, 'text' | 'pathOperatorId' | 'processId'>;

/**
 * Answers every message that got through the door: in time, whatever hangs; with a code, whatever breaks; with one log
 * line and one measurement. Reasons of failures are named by slug: messages of errors may quote what was sent.
 */
export class DoorDesk {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #durations;
  readonly #answers;
  readonly #failures;
  readonly #counts = new Map<string, number>();

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
    this.#answers = options.meter.createCounter('door_answers', {
      description: 'answers to HBS by operation and status code',
    });
    this.#failures = options.meter.createCounter('door_failures', {
      description: 'answers 021 by operation and reason',
    });
  }

  /** Answers of AuthorizeStart by code since the start of this process. */
  get authorizations(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].sort());
  }

  async answer(operation: DoorOperation, arrival: Arrival): Promise<DoorAnswer> {
    const begun = performance.now();
    const request: DoorRequest = {
      ...arrival,
      receivedAt: this.#clock.now(),
      about: { operatorId: arrival.pathOperatorId },
    };
    const about = { operation: operation.name, processId: arrival.processId };
    let failure: Failure | undefined;
    let answer: DoorAnswer;
    try {
      const given = operation.answer(request);
      const inTime =
        given instanceof Promise
          ? await withinDeadline(given, this.#deadlineMs, () => this.#late(about, request.about))
          : given;
      if (inTime === TOO_LATE) failure = { reason: 'deadline' };
      answer = inTime === TOO_LATE ? operation.refuse('021') : inTime;
    } catch (error) {
      failure = failureOf(error);
      answer = operation.refuse('021');
    }
    this.#tell(operation, answer, performance.now() - begun, { ...about, ...request.about, ...failure });
    return answer;
  }

  /** For what never became a request: too large, cut off, an unreadable path. */
  refuse(operation: DoorOperation, processId: string | null, reason: string): DoorAnswer {
    const answer = operation.refuse('022');
    this.#tell(operation, answer, 0, { operation: operation.name, processId, reason });
    return answer;
  }

  #tell(operation: DoorOperation, { outcome, code }: DoorAnswer, durationMs: number, about: object): void {
    this.#durations.record(durationMs, { operation: operation.name });
    this.#answers.add(1, { operation: operation.name, code });
    if (operation.name === 'AuthorizeStart') this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
    const line = { ...about, outcome, code, ms: Math.round(durationMs * 100) / 100 };
    if (code !== '021') return this.#log.info(line, operation.event);
    this.#failures.add(1, {
      operation: operation.name,
      reason: 'reason' in about ? String(about.reason) : 'unknown',
    });
    this.#log.error(line, operation.event);
  }

  #late(about: object, facts: OutcomeFacts): void {
    this.#log.warn({ ...about, ...facts }, 'work ended after its deadline');
  }
}

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
