import type { Transaction } from '@emp/database';
import { applyDecorators, createParamDecorator, UseInterceptors, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { IdempotencyInterceptor } from './idempotency.interceptor.ts';
import { answerKept } from './kept-answers.ts';

/** Where a handler keeps its answer together with what it did. Does nothing for a request without a key. */
export interface AnswerKeeper {
  keep(tx: Transaction, answer: unknown): Promise<void>;
}

/**
 * A route that may be asked twice with the same `Idempotency-Key` and does it once (24 hours; the key is the caller's
 * own). The same request hears the same answer, another one 422, one at the same time 409; a refused or failed one has
 * done nothing and may come again.
 *
 * That alone keeps the answer after the handler's commit: a process that dies in between has done it without knowing.
 * Where doing it twice is not the same as doing it once, keep the answer as the last step of the transaction:
 *
 *     @Post() @Idempotent()
 *     create(@Body() wish: Wish, @KeptAnswer() kept: AnswerKeeper) { … await kept.keep(tx, answer); … return answer; }
 */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'A repeat within 24 hours hears the same answer; one that is too early 409, another request with it 422',
      schema: { type: 'string', maxLength: 255 },
    }),
  );

export const KeptAnswer = createParamDecorator((_: unknown, context: ExecutionContext): AnswerKeeper => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  return { keep: async (tx, answer) => void (await answerKept(request)?.(tx, answer)) };
});
