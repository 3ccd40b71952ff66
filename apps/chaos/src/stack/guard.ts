import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { processTree, signalAll } from './process-tree.ts';

/** Remembers processes, to kill them if this process dies without having done so. */
export interface Guard {
  watch(pid: number): void;
  forget(pid: number): void;
  close(): void;
}

/** Servers outlive whoever started them, and frozen processes notice nothing: somebody has to be left to end them. */
export function openGuard(): Guard {
  const main = fileURLToPath(new URL('./guard-main.js', import.meta.url));
  const child = spawn(process.execPath, [main], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.stdin.on('error', () => undefined);
  child.unref();
  const say = (line: string): void => void child.stdin.write(`${line}\n`);
  return { watch: (pid) => say(`+${pid}`), forget: (pid) => say(`-${pid}`), close: () => child.stdin.end() };
}

/** The guard's own process: reads until the pipe closes, then kills what is still on its list, descendants included. */
export function standGuard(): void {
  const watched = new Set<number>();
  createInterface({ input: process.stdin })
    .on('line', (line) =>
      line.startsWith('+') ? watched.add(Number(line.slice(1))) : watched.delete(Number(line.slice(1))),
    )
    .on('close', () => {
      for (const pid of watched) signalAll(processTree(pid), 'SIGKILL');
    });
}
