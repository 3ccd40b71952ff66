import { EmpError } from '@emp/kernel';
import { statusCode } from '@emp/oicp';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { DoorDesk } from './door-desk.ts';
import type { DoorAnswer, DoorOperation } from './door-operation.ts';
import { operatorIdOf, processIdOf, textOf } from './wire.ts';

export interface DoorOptions {
  readonly operations: readonly DoorOperation[];
  readonly desk: DoorDesk;
  /** In front of every path, e.g. `/api/oicp`. */
  readonly prefix: string;
  readonly bodyLimitBytes: number;
}

const NO_BODY = Buffer.alloc(0);
/** How long a peer may take to send a message. */
const SLOW_PEER_MS = 10_000;

/**
 * The HTTP server for HBS; everything about its construction is here. Plain Fastify: what Nest adds to a request costs
 * a fifth of the throughput, and there is nothing here it could do. Answers 200 with an OICP body to whatever arrives
 * at a path of OICP (§2.6).
 */
export function createDoor({ operations, desk, prefix, bodyLimitBytes }: DoorOptions): FastifyInstance {
  const operationAt = pathsOf(operations, prefix);
  const refuse = (request: FastifyRequest, reply: FastifyReply, reason: string): FastifyReply => {
    const operation = operationAt(request.raw.url ?? '');
    if (operation === undefined) return sendNotFound(reply);
    return send(reply, desk.refuse(operation, processIdOf(request.headers['process-id']), reason));
  };
  const door = fastify({
    logger: false,
    bodyLimit: bodyLimitBytes,
    requestTimeout: SLOW_PEER_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 200 },
    // A path that cannot be decoded has no route, and still its sender waits for an OICP answer.
    frameworkErrors: (error, request, reply) => void refuse(request, reply, error.code),
  });
  // JSON announced as anything, in any charset, or as nothing: the body is read as bytes, and the reader judges them.
  // A header that is no media type would be refused before any parser is asked, so nobody gets to see it.
  door.removeAllContentTypeParsers();
  door.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'application/octet-stream';
    done();
  });
  door.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  door.setErrorHandler((error, request, reply) => refuse(request, reply, codeOf(error)));
  door.setNotFoundHandler((_request, reply) => sendNotFound(reply));
  for (const operation of operations) {
    door.post<{ Params: { operatorID?: string } }>(`${prefix}${operation.path}`, async (request, reply) => {
      const answer = await desk.answer(operation, {
        text: textOf(Buffer.isBuffer(request.body) ? request.body : NO_BODY),
        pathOperatorId: operatorIdOf(request.params.operatorID),
        processId: processIdOf(request.headers['process-id']),
      });
      return send(reply, answer);
    });
  }
  return door;
}

/** @throws EmpError `port-taken` */
export async function openDoor(
  door: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    return await door.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new EmpError(
      'port-taken',
      `authorization-gateway: port ${port} on ${host} is taken; set DOOR_PORT to a free one`,
      {
        retry: 'useless',
        cause: error,
      },
    );
  }
}

const send = (reply: FastifyReply, { body }: DoorAnswer): FastifyReply =>
  reply.status(200).header('content-type', 'application/json;charset=utf-8').send(body);

/** Not one of our paths: nobody waits there for an OICP message. */
const sendNotFound = (reply: FastifyReply): FastifyReply =>
  reply
    .status(404)
    .header('content-type', 'application/json;charset=utf-8')
    .send(JSON.stringify({ StatusCode: statusCode('022') }));

/** Finds the operation a raw URL means when the router could not. */
function pathsOf(operations: readonly DoorOperation[], prefix: string): (url: string) => DoorOperation | undefined {
  const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const patterns = operations.map((operation) => ({
    operation,
    pattern: new RegExp(
      `^${escaped(prefix)}${operation.path.split(':operatorID').map(escaped).join('[^/]*')}/?(\\?|$)`,
    ),
  }));
  return (url) => patterns.find(({ pattern }) => pattern.test(url))?.operation;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable-request';
}
