import type { FastifyInstance } from 'fastify';

const SWEEP_EVERY_MS = 50;

/**
 * While the server closes, connections are closed as they become idle. Node looks for idle ones only once, when closing
 * begins: a client that keeps its connection after an answer in flight would hold up the stop until it lets go of it.
 */
export function closeIdleConnections(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done) => {
    const sweep = setInterval(() => fastify.server.closeIdleConnections(), SWEEP_EVERY_MS);
    fastify.server.once('close', () => clearInterval(sweep));
    done();
  });
}
