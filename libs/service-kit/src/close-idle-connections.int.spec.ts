import { once } from 'node:events';
import { connect } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { startSmallService } from '../test/small-service.ts';

@Controller('things')
class Things {
  @Get()
  read(): string {
    return 'here';
  }
}

describe('a service that stops', () => {
  it('waits neither for connections that are kept nor for those on which nobody ever asked', async () => {
    const service = await startSmallService([Things]);
    const { hostname, port } = new URL(service.url);
    const unused = connect(Number(port), hostname);
    await once(unused, 'connect');
    const kept = connect(Number(port), hostname);
    kept.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(kept, 'data');
    const ended = Promise.all([unused, kept].map((socket) => once(socket.resume(), 'close')));
    const begun = performance.now();
    await service.stop();
    await ended;
    // Node itself would give the unused one a minute.
    expect(performance.now() - begun).toBeLessThan(30_000);
  }, 60_000);
});
