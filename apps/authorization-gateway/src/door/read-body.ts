import type { IncomingMessage } from 'node:http';

const NOTHING = Buffer.alloc(0);

export type BodyRead =
  | { readonly is: 'complete'; readonly body: Buffer }
  | { readonly is: 'too-large' }
  /** The peer went away in the middle: nobody waits for an answer. */
  | { readonly is: 'cut-off' };

/** Reads a body up to the limit; what is beyond is drained, so that its sender reads the answer. `done` comes once. */
export function readBody(request: IncomingMessage, limitBytes: number, done: (read: BodyRead) => void): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let bytes = 0;
  let over = false;
  const finish = (read: BodyRead): void => {
    if (over) return;
    over = true;
    done(read);
  };
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) {
    request.resume();
    finish({ is: 'too-large' });
    return;
  }
  request.on('data', (chunk: Buffer) => {
    if (over) return;
    bytes += chunk.length;
    if (bytes > limitBytes) return finish({ is: 'too-large' });
    if (first === undefined) first = chunk;
    else (more ??= [first]).push(chunk);
  });
  request.on('end', () => finish({ is: 'complete', body: more ? Buffer.concat(more) : (first ?? NOTHING) }));
  // A request that nobody listens to for errors closes without one.
  request.on('close', () => finish({ is: 'cut-off' }));
}
