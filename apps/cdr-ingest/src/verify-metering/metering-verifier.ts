import type { MeteringOutcome } from '../domain/metering-outcome.ts';
import type { MeteringRequest } from './metering-request.ts';
import { verifyMetering } from './verify-metering.ts';

/** Verifies the signed values of many records: one outcome per request, in their order. Never rejects for a bad value. */
export interface MeteringVerifier {
  verify(requests: readonly MeteringRequest[]): Promise<readonly MeteringOutcome[]>;
  close(): Promise<void>;
}

/** Verifies where it is asked: for few records, and where a thread would be too much. */
export const verifyInline: MeteringVerifier = {
  verify: (requests) => Promise.resolve(requests.map(verifyMetering)),
  close: () => Promise.resolve(),
};
