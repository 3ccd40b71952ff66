import type { Database } from '@emp/database';
import { DATABASE, LOG, METER, Problem, callerOf, type Log } from '@emp/service-kit';
import { Vault } from '@emp/vault';
import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Counter, Meter } from '@opentelemetry/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { claim, giveUp, keepAnswer, type KeyOfCaller } from './idempotency.store.ts';
import { keepAnswersOf } from './kept-answers.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** See `@Idempotent()`. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  readonly #requests: Counter;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
    @Inject(METER) meter: Meter,
    private readonly vault: Vault,
  ) {
    this.#requests = meter.createCounter('idempotent_requests', {
      description: 'requests with an Idempotency-Key, by outcome',
    });
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined) return next.handle();
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new Problem(
        400,
        'idempotency-key-malformed',
        'Idempotency-Key: 1 to 255 printable characters without spaces',
      );
    }
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { by, name } = callerOf(request);
    return from(this.#once({ caller: `${by}/${name}`, key }, request, reply, next));
  }

  async #once(key: KeyOfCaller, request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const fingerprint = this.#fingerprintOf(request);
    let known = await claim(this.database, key, fingerprint);
    while (known === 'gone') known = await claim(this.database, key, fingerprint);
    if (known === 'claimed') return this.#carryOut(key, request, reply, next);
    if (known.request !== fingerprint) {
      this.#requests.add(1, { outcome: 'reused' });
      throw new Problem(
        422,
        'idempotency-key-reused',
        'this Idempotency-Key came with another request before: take a new one',
      );
    }
    if (known.status === null || known.sealed_answer === null) {
      this.#requests.add(1, { outcome: 'at-work' });
      throw new Problem(
        409,
        'request-at-work',
        'the same request is being carried out right now: ask again',
        {},
        {
          'retry-after': String(known.wait_seconds),
        },
      );
    }
    this.#requests.add(1, { outcome: 'replayed' });
    void reply.status(known.status).header('idempotency-replayed', 'true');
    return JSON.parse(this.vault.open(known.sealed_answer)) as unknown;
  }

  async #carryOut(key: KeyOfCaller, request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    let kept = false;
    const sealed = (answer: unknown): { status: number; sealed: string } => ({
      status: reply.statusCode,
      sealed: this.vault.seal(JSON.stringify(answer ?? null)),
    });
    keepAnswersOf(request, async (tx, answer) => {
      kept = await keepAnswer(tx, key, sealed(answer));
      if (!kept)
        throw new Problem(409, 'request-taken-over', 'this took too long; a repeat was carried out instead: ask again');
    });
    try {
      const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      if (!kept) await keepAnswer(this.database, key, sealed(answer));
      this.#requests.add(1, { outcome: 'carried-out' });
      return answer;
    } catch (error) {
      await giveUp(this.database, key).catch((failure: unknown) => {
        this.log.warn({ err: failure }, 'idempotency key not given up: it is free when its time is over');
      });
      throw error;
    }
  }

  /** Keyed: a body may name a card, and plain hashes of card numbers can be tried out. */
  #fingerprintOf({ method, url, body }: FastifyRequest): string {
    return this.vault.fingerprint('evco', `request/${method} ${url} ${JSON.stringify(body ?? null)}`);
  }
}
