import type { FastifyReply } from 'fastify';
import type { World } from '../world.ts';

const NGINX_403 = '<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n' +
  '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/** Answers in HBS's place if a fault says so; `undefined`: no fault this time. */
export function answerWithFault({ faults, random }: World, reply: FastifyReply): FastifyReply | undefined {
  if (faults.down) {
    reply.hijack();
    reply.raw.socket?.destroy();
    return reply;
  }
  // Both come from the proxy before HBS: no Process-ID.
  if (random.chance(faults.htmlForbidden)) return reply.status(403).type('text/html').send(NGINX_403);
  if (random.chance(faults.tooManyRequests)) {
    if (faults.retryAfterSeconds !== null) void reply.header('retry-after', String(faults.retryAfterSeconds));
    return reply.status(429).type('text/html').send('<html><body><h1>429 Too Many Requests</h1></body></html>');
  }
  return undefined;
}
