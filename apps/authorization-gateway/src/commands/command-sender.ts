import { callerOf } from '@emp/service-kit';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** Who sends a command, and by which key a repeat of it is known. */
export interface CommandSender {
  readonly caller: string;
  readonly key: string | undefined;
}

/** `@Sender() sender: CommandSender`. */
export const Sender = createParamDecorator((_: unknown, context: ExecutionContext): CommandSender => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const key = request.headers['idempotency-key'];
  return { caller: callerOf(request).name, key: Array.isArray(key) ? key.join(', ') : key };
});
