import { createServer, type Server } from 'node:http';

/** Answers the probes of a service that cannot start yet: it lives, and it is not ready. */
export class WaitingRoom {
  #server: Server | undefined;

  /** A port that is taken is found again, and told, by the service itself. */
  async open(port: number, host: string): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => {
      const alive = request.url === '/health/live';
      response.writeHead(alive ? 200 : 503, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify({ status: alive ? 'alive' : 'waiting for its database or its event log' }));
    });
    this.#server = server;
    await new Promise<void>((resolve) => {
      server.once('error', () => resolve());
      server.listen(port, host, resolve);
    });
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server?.listening) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}
