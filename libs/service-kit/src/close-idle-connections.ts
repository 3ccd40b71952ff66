import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const SWEEP_EVERY_MS = 50;
/** A first request that has not arrived by then is not on its way. */
const FIRST_REQUEST_WITHIN_MS = 1_000;

/**
 * While the server closes, connections are closed as they become idle. Node looks for idle ones only once, when closing
 * begins: a client that keeps its connection after an answer in flight would hold up the stop until it lets go of it.
 * And connections that nobody ever asked anything on (browsers and pools open some in advance) are no idle ones to Node.
 */
export function closeIdleConnections(fastify: FastifyInstance): void {
  const unused = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  fastify.server.on('request', ({ socket }: { readonly socket: Socket }) => unused.delete(socket));
  fastify.addHook('preClose', (done) => {
    const sweep = setInterval(() => fastify.server.closeIdleConnections(), SWEEP_EVERY_MS);
    const letGo = setTimeout(() => {
      for (const socket of unused) socket.destroy();
    }, FIRST_REQUEST_WITHIN_MS);
    fastify.server.once('close', () => {
      clearInterval(sweep);
      clearTimeout(letGo);
    });
    done();
  });
}
