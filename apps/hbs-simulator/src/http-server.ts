import { EmpError } from '@emp/kernel';
import { Problem } from '@emp/service-kit';
import Fastify, { type FastifyInstance } from 'fastify';
import type { SimulatorConfig } from './config.ts';
import { registerControl } from './control-routes.ts';
import { registerHub } from './hub/hub-routes.ts';
import type { Drivers } from './station/drivers.ts';
import type { World } from './world.ts';

/** A full load of a large provider's cards is one message. */
const LARGEST_BODY = 256 * 1024 * 1024;

export async function openHttp(world: World, drivers: Drivers): Promise<FastifyInstance> {
  const app = Fastify({ bodyLimit: LARGEST_BODY, forceCloseConnections: 'idle', routerOptions: { maxParamLength: 200 } });
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500) world.log.error({ err: error, route: request.routeOptions.url }, 'request failed');
    return reply.status(problem.status).type('application/problem+json').send(JSON.stringify({
      ...problem.members, type: `urn:emp:problem:${problem.slug}`, title: problem.slug, status: problem.status, detail: problem.message,
    }));
  });
  await app.register(async (hub) => registerHub(hub, world), { prefix: '/api/oicp' });
  await app.register(async (control) => registerControl(control, world, drivers), { prefix: '/simulator' });
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async () => ({ status: 'ok' }));
  return app;
}

/** @throws EmpError `port-taken`, naming the variable */
export async function listen(app: FastifyInstance, config: SimulatorConfig): Promise<string> {
  try {
    return await app.listen({ host: config.HOST, port: config.PORT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new EmpError('port-taken', `hbs-simulator: port ${config.PORT} on ${config.HOST} is taken; set PORT to a free one`, {
      retry: 'useless',
      cause: error,
    });
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  return status < 500
    ? new Problem(status, 'request-refused', (error as Error).message)
    : new Problem(500, 'internal', 'something unforeseen happened; the log of the simulator tells what');
}
