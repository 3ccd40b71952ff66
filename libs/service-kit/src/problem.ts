import { EmpError } from '@emp/kernel';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from './log.ts';

/** A refusal at the HTTP edge, answered as `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  /** Stable name of the kind of problem; becomes `type: urn:emp:problem:<slug>`. */
  readonly slug: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    slug: string,
    detail: string,
    members: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.status = status;
    this.slug = slug;
    this.members = members;
    this.headers = headers;
  }
}

/** The one place where errors become HTTP answers. What we did not foresee is logged whole and told briefly. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const problem = problemOf(thrown);
    if (problem.status >= 500) {
      this.#log.error({ err: thrown, route: http.getRequest<FastifyRequest>().routeOptions.url }, 'request failed');
    }
    const reply = http.getResponse<FastifyReply>();
    if (reply.sent) return;
    void reply
      .status(problem.status)
      .headers(problem.headers)
      .type('application/problem+json')
      .send({ ...problem.members, type: `urn:emp:problem:${problem.slug}`, title: problem.slug, status: problem.status, detail: problem.message });
  }
}

function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof HttpException) {
    const status = thrown.getStatus();
    return new Problem(status, status === 404 ? 'not-found' : 'request-refused', thrown.message);
  }
  if (thrown instanceof EmpError) {
    return new Problem(thrown.retry === 'helps' ? 503 : 500, thrown.slug, thrown.message);
  }
  const status = statusCodeOf(thrown);
  if (status !== undefined) return new Problem(status, 'request-refused', (thrown as Error).message);
  return new Problem(500, 'internal', 'something unforeseen happened; the log of the service tells what');
}

/** Fastify's own errors (body too large, malformed JSON) carry the status they deserve. */
function statusCodeOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return undefined;
  const { statusCode } = thrown;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
