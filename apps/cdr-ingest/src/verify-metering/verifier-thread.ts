import { parentPort } from 'node:worker_threads';
import type { MeteringRequest } from './metering-request.ts';
import { verifyMetering } from './verify-metering.ts';

/** The other end of `VerifierThreads`: a list of requests comes in, the list of outcomes goes out. */
parentPort?.on('message', (requests: readonly MeteringRequest[]) => {
  parentPort?.postMessage(requests.map(verifyMetering));
});
