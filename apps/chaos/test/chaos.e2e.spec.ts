import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const main = path.join(root, 'apps/chaos/dist/main.js');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function chaos(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk: Buffer) => (said[stream] += chunk.toString()));
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, ...said })));
}

/** The numbers of a line of the report, by how it begins. */
function numbers({ stdout }: Ended, begins: string): readonly number[] {
  const line = stdout.split('\n').find((each) => each.startsWith(`${begins}  `)) ?? '';
  return line
    .slice(begins.length)
    .trim()
    .split(/\s+/)
    .filter((cell) => cell !== '–')
    .map(Number);
}

describe('npm run chaos', () => {
  it('breaks the running stack, and every acknowledged record is stored and rated once', async () => {
    const ended = await chaos('--sessions', '300', '--seed', 'e2e', '--faults', '9', '--minutes', '0.4');
    const wrong = ended.status === 0 ? '' : `${ended.stdout}\n${ended.stderr}`;
    expect(wrong).toBe('');
    expect(numbers(ended, 'all of these')[0]).toBeGreaterThanOrEqual(8);
    // At least one relay died between publish and mark.
    expect(numbers(ended, 'cut-relay')[0]).toBeGreaterThanOrEqual(1);
    const [acknowledged = 0, stored, rated, published, missing, doubled, outOfOrder] = numbers(ended, 'records');
    expect(acknowledged).toBeGreaterThan(100);
    expect([stored, rated, published, missing, doubled, outOfOrder]).toEqual([
      acknowledged,
      acknowledged,
      acknowledged,
      0,
      0,
      0,
    ]);
    // Some records came by the pull alone.
    const [left = 0, pulled] = numbers(ended, 'records not acknowledged');
    expect(left).toBeGreaterThan(0);
    expect(pulled).toBe(left);
  }, 400_000);

  it('prints the same plan for the same seed, and another for another', async () => {
    const [one, same, other] = await Promise.all([
      chaos('--plan', '--seed', 'a'),
      chaos('--plan', '--seed', 'a'),
      chaos('--plan', '--seed', 'b'),
    ]);
    expect(one.stdout.trim().split('\n')).toHaveLength(55);
    expect(one.stdout).toBe(same.stdout);
    expect(one.stdout).not.toBe(other.stdout);
  }, 30_000);

  it('refuses options it does not know', async () => {
    const ended = await chaos('--broker', 'pigeon');
    expect(ended.status).toBe(2);
    expect(ended.stderr).toMatch(/pigeon.*--help/);
  }, 30_000);
});
