import { createParamDecorator, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Counter, Meter } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.ts';
import type { Access } from './access.ts';
import type { CallerIdentity } from './caller-identity.ts';
import { ScopeMissing } from './refused.ts';

const SCOPE = Symbol('scope');
const OPEN_TO_ALL = null;

const callers = new WeakMap<object, CallerIdentity>();

/** What a route (or all of a controller) takes instead of `read` for GET and HEAD, `write` for everything else. */
export const RequireScope = (scope: string): MethodDecorator & ClassDecorator => SetMetadata(SCOPE, scope);

/** Whoever reaches the port may: health, metrics. */
export const OpenToAll = (): MethodDecorator & ClassDecorator => SetMetadata(SCOPE, OPEN_TO_ALL);

/** Who sent this request. @throws Error for a route that is open to all: it has no caller. */
export function callerOf(request: object): CallerIdentity {
  const caller = callers.get(request);
  if (caller) return caller;
  throw new Error('a route that is open to all has no caller');
}

/** Who calls: `@Caller() caller: CallerIdentity`. Keep `caller.name` in audit trails; ask `caller.has('secrets')`. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): CallerIdentity =>
  callerOf(context.switchToHttp().getRequest<object>()),
);

/** Nobody passes unknown, and nobody does what their key or token was not made for. */
export class AccessGuard implements CanActivate {
  readonly #access: Access;
  readonly #reflector: Reflector;
  readonly #refusals: Counter;

  constructor(access: Access, reflector: Reflector, meter: Meter) {
    this.#access = access;
    this.#reflector = reflector;
    this.#refusals = meter.createCounter('api_refusals', {
      description: 'API calls refused for want of access, by reason',
    });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const required = this.#reflector.getAllAndOverride<string | null | undefined>(SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (required === OPEN_TO_ALL) return true;
    const scope = required ?? (request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write');
    try {
      const caller = await this.#access.callerOf(request.headers);
      if (!caller.has(scope)) throw new ScopeMissing(caller.name, scope);
      callers.set(request, caller);
      return true;
    } catch (error) {
      this.#refusals.add(1, { reason: error instanceof Problem ? error.slug : 'failure' });
      throw error;
    }
  }
}
