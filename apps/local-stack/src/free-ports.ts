import { createServer } from 'node:net';
import { EmpError } from '@emp/kernel';
import { portsOf, type Places } from './places.ts';

/** @throws EmpError `port-taken` naming every taken port and the variable that moves it. */
export async function requireFreePorts(places: Places): Promise<void> {
  const taken: string[] = [];
  for (const [variable, port, what] of portsOf(places)) {
    if (!(await isFree(port))) taken.push(`port ${port} for ${what} is taken: set ${variable} to a free one`);
  }
  if (taken.length > 0) throw new EmpError('port-taken', taken.join('; '), { retry: 'useless' });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
