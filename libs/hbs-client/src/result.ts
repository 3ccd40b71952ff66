import { EmpError, type Retry } from '@emp/kernel';
import type { Finding, StatusCode } from '@emp/oicp';
import type { OperationName } from './operations.ts';

/**
 * Why a call has no positive answer.
 * - `refused`: a status code said no; nothing happened.
 * - `fault`: HTTP 400 with a FaultBody: our message is wrong, never repeat it.
 * - `unauthorized`: certificate and id do not match (017), or the certificate is not accepted.
 * - `unreachable`: the request never arrived.
 * - `timeout`: **ambiguous**, it may have happened (no answer, answer cut off, 408, 502, 504).
 * - `rate-limited`: HTTP 429, or our own share of the limit is used up: not done.
 * - `foreign`: not an OICP answer: a proxy's HTML page and the like.
 */
export type HbsReason = 'refused' | 'fault' | 'unauthorized' | 'unreachable' | 'timeout' | 'rate-limited' | 'foreign';

export interface HbsSuccess<T> {
  readonly ok: true;
  readonly message: T;
  readonly findings: readonly Finding[];
  /** HBS's correlation key for its support and its Process Monitor. */
  readonly processId: string | null;
  readonly httpStatus: number;
}

export interface HbsFailure {
  readonly ok: false;
  readonly reason: HbsReason;
  readonly statusCode?: StatusCode;
  readonly httpStatus?: number;
  readonly processId: string | null;
  /** For a person; without bodies and ids of people. */
  readonly detail: string;
  /** Whether the caller may send the same message again later. */
  readonly retry: Retry;
  /** Whether HBS may have done what was asked, in any of the tries. */
  readonly done: 'no' | 'perhaps';
}

/** The outcome of one operation: a value, never a thrown error. */
export type HbsResult<T> = HbsSuccess<T> | HbsFailure;

/** What the iterating pulls throw: slug `hbs-<reason>`, with operation, status and Process-ID in the details. */
export function errorOf(operation: OperationName, failure: HbsFailure): EmpError {
  return new EmpError(`hbs-${failure.reason}`, `${operation}: ${failure.detail}`, {
    retry: failure.retry,
    details: {
      operation,
      httpStatus: failure.httpStatus ?? null,
      statusCode: failure.statusCode?.Code ?? null,
      processId: failure.processId,
    },
  });
}
