import { createServer } from 'node:net';
import { StackProcess } from './stack-process.ts';

interface Told {
  readonly ok: boolean;
  readonly stories: readonly { readonly name: string; readonly charge: { readonly net: string; readonly vat: string; readonly gross: string } | null }[];
}

describe('npm start -- --once', () => {
  let stack: StackProcess;

  beforeEach(async () => {
    stack = await StackProcess.withFreePorts();
  });

  afterEach(() => stack.dispose());

  it.each([[['--once', '--json']], [['--once', '--json', '--processes']]])(
    'tells three stories to their end with %j, and again on the same data',
    async (args) => {
      for (const time of ['first', 'second']) {
        stack.start(args);
        const status = await stack.ended();
        expect({ time, status, stderr: status === 0 ? '' : stack.stderr }).toEqual({ time, status: 0, stderr: '' });
        const told = JSON.parse(stack.stdout) as Told;
        expect(told.ok).toBe(true);
        // 31.250 kWh × 0.59 = 18.4375 → 18.44, and 0.35 to start; 19 % of 18.79 = 3.5701.
        expect(told.stories.map((story) => [story.name, story.charge && [story.charge.net, story.charge.vat, story.charge.gross]])).toEqual([
          ['online', ['18.79', '3.57', '22.36']],
          ['unknown card', null],
          ['offline', ['18.79', '3.57', '22.36']],
        ]);
      }
    },
    400_000,
  );

  it('names a taken port and the variable that moves it', async () => {
    const squatter = createServer().listen(stack.port('BILLING_PORT'), '127.0.0.1');
    stack.start(['--once']);
    expect(await stack.ended()).toBe(1);
    squatter.close();
    expect(stack.stderr.trim()).toBe(`port ${stack.port('BILLING_PORT')} for billing is taken: set BILLING_PORT to a free one`);
  }, 60_000);

  it('says soon that the named Kafka is not there, instead of waiting for it', async () => {
    stack.start(['--once', '--broker', 'kafka'], { KAFKA_BROKERS: '127.0.0.1:1' });
    expect(await stack.ended()).toBe(1);
    expect(stack.stderr).toMatch(/✗ Kafka at 127\.0\.0\.1:1 .*\n.*Kafka does not let us in at 127\.0\.0\.1:1: .*ECONNREFUSED/);
    stack.start(['--once', '--broker', 'kafka'], { KAFKA_BROKERS: 'kafka' });
    expect(await stack.ended()).toBe(1);
    expect(stack.stderr).toMatch(/KAFKA_BROKERS.*host:port/);
  }, 120_000);

  it('says where a feed is not JSON', async () => {
    stack.start(['--once', '--feed', import.meta.filename]);
    expect(await stack.ended()).toBe(1);
    expect(stack.stderr).toMatch(/not JSON.*line 1/);
  }, 60_000);

  it('refuses options it does not know', async () => {
    stack.start(['--twice']);
    expect(await stack.ended()).toBe(2);
    expect(stack.stderr).toMatch(/--twice/);
  }, 60_000);
});
