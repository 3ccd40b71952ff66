import { spawnSync } from 'node:child_process';
import { EmpError } from '@emp/kernel';

/**
 * PostgreSQL refuses to run as root. A user namespace in which root appears as user 1000 satisfies it: files stay
 * root's outside, so it also works below /root.
 */
const AS_USER = ['unshare', '-U', '--map-user=1000', '--map-group=1000'] as const;

/** The command line that runs a program of PostgreSQL as somebody other than root. */
export function unprivileged(program: string, args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
  if (process.getuid?.() !== 0) return { command: program, args };
  const [command, ...mapping] = AS_USER;
  if (spawnSync(command, [...mapping, 'true']).status !== 0) {
    throw new EmpError('postgres-refuses-root', 'PostgreSQL does not run as root, and "unshare --map-user" (util-linux 2.38, user namespaces) does not work here: start as another user', { retry: 'useless' });
  }
  return { command, args: [...mapping, program, ...args] };
}
