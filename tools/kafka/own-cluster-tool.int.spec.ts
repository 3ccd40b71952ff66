import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { eventually, isPortFree } from '@emp/testing';

const tool = path.resolve(import.meta.dirname, '../kafka.mjs');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('npm run kafka', () => {
  let directory: string;
  let port: number;

  const kafka = (args: readonly string[], firstPort: number | string = port): Promise<Ended> => {
    const env = { ...process.env, NODE_OPTIONS: '', DATA_DIRECTORY: directory, KAFKA_PORT: String(firstPort) };
    const child = spawn(process.execPath, [tool, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) child[stream].on('data', (chunk: Buffer) => (said[stream] += chunk.toString()));
    return new Promise((resolve) => child.once('close', (status) => resolve({ status, ...said })));
  };
  const pid = (): number => Number(readFileSync(path.join(directory, 'kafka/node-1/pid'), 'utf8'));

  beforeEach(async () => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'kafka-tool-'));
    do port = 31_000 + 10 * Math.floor(Math.random() * 100);
    while (!(await Promise.all([0, 1, 2, 3, 4, 5].map((next) => isPortFree(port + next)))).every(Boolean));
  });

  afterEach(async () => {
    await kafka(['down']);
    rmSync(directory, { recursive: true, force: true });
  });

  it.each([
    [[], 'up, down or status?'],
    [['up', 'and', 'down'], 'what is "up and down"?'],
    [['up', '--node', '3'], "Unknown option '--node'"],
    [['up', '--nodes', '2'], '--nodes 1 or --nodes 3 goes with up'],
    [['up', '--forget'], '--forget goes with down'],
  ])('says what is wrong with %j in one sentence, without a stack', async (args, complaint) => {
    const ended = await kafka(args);
    expect({ ...ended, stderr: ended.stderr.slice(0, complaint.length) }).toEqual({ status: 1, stdout: '', stderr: complaint });
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });

  it('names KAFKA_PORT if it is no port', async () => {
    expect((await kafka(['up'], 'ninety')).stderr).toMatch(/^KAFKA_PORT .* not ninety\n$/);
  });

  it('says that nothing was started, that nothing runs', async () => {
    expect(await kafka(['status'])).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/^no Kafka was started in .*npm run kafka -- up\n$/) as string });
    expect(await kafka(['down'])).toEqual({ status: 0, stdout: '', stderr: expect.stringMatching(/^no Kafka runs in /) as string });
  });

  it('starts no node of three if a port of one of them is taken', async () => {
    const squatter = createServer().listen(port + 3, '127.0.0.1');
    const ended = await kafka(['up', '--nodes', '3']);
    squatter.close();
    expect(ended.stderr).toContain(`port ${port + 3} is taken: set KAFKA_PORT to the first of 6 free ports`);
    expect((await kafka(['status'])).stderr).toContain('no Kafka was started');
  });

  it('starts a node, tells of its death, and of a port that is not its own', async () => {
    expect(await kafka(['up'])).toMatchObject({ status: 0, stdout: `KAFKA_BROKERS=127.0.0.1:${port}\n` });
    expect(await kafka(['up'])).toMatchObject({ status: 0 });
    expect(await kafka(['status'])).toMatchObject({ status: 0, stdout: `node 1  127.0.0.1:${port}  runs\n` });
    expect((await kafka(['up'], port + 100)).stderr).toContain(`runs on port ${port}, not ${port + 100}: set KAFKA_PORT to ${port}`);
    const killed = pid();
    process.kill(killed, 'SIGKILL');
    await eventually(async () => (await kafka(['status'])).status === 1, { withinMs: 20_000, what: 'status tells of the death' });
    expect((await kafka(['status'])).stdout).toBe(`node 1  127.0.0.1:${port}  is stopped\n`);
    expect(await kafka(['up'])).toMatchObject({ status: 0 });
    expect(pid()).not.toBe(killed);
  }, 180_000);
});
