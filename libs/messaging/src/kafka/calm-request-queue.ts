import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

let calmed = false;

/**
 * In kafkajs 2.2.4 each connection that has had an answer asks itself every millisecond from then on whether a request
 * waits to be sent (and Node 24 warns of the negative time-out): 3 to 4 % of a core in an idle process. It suffices to
 * ask while one waits; a request that begins to wait asks by itself. Leaves another version of kafkajs as it is.
 */
export function calmRequestQueue(): void {
  if (calmed) return;
  calmed = true;
  const require = createRequire(import.meta.url);
  if ((require('kafkajs/package.json') as { version: string }).version !== '2.2.4') return;
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function calmly(): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
