import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The first process of a running server, as its `postmaster.pid` tells. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const PORT_LINE = 3;

/**
 * The server of a data directory, `'stale'` if the file is left over from a crash (even if its number belongs to some
 * other program by now), `'none'` if there is no file.
 */
export async function findPostmaster(dataDirectory: string): Promise<Postmaster | 'stale' | 'none'> {
  const text = await readFile(pidFile(dataDirectory), 'utf8').catch(() => undefined);
  if (text === undefined) return 'none';
  const lines = text.split('\n');
  const postmaster = { pid: Number(lines[0]), port: Number(lines[PORT_LINE]) };
  return isAlive(postmaster.pid) && serves(postmaster.pid, dataDirectory) ? postmaster : 'stale';
}

export const pidFile = (dataDirectory: string): string => path.join(dataDirectory, 'postmaster.pid');

export function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether the process ended within the time. */
export async function waitForEnd(pid: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await delay(10);
  }
  return true;
}

/** Numbers of processes are given out again, after a restart of the machine or container to almost anybody. */
function serves(pid: number, dataDirectory: string): boolean {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDirectory);
    if (process.platform === 'win32') return true;
    return execFileSync('ps', ['-ww', '-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).includes(dataDirectory);
  } catch {
    return false;
  }
}
