import { z } from 'zod';

const share = z.number().min(0).max(1);

/** What goes wrong, each as the share of cases in which it does. All zero: nothing. */
export const faultsSchema = z.strictObject({
  /** The EMP's acknowledgement of a record is lost on its way; the record is forwarded again. */
  lostAcknowledgement: share.default(0),
  /** An acknowledged record is forwarded once more. */
  repeatedRecord: share.default(0),
  /** A record is forwarded this much later, milliseconds. */
  delayedRecordMs: z.number().min(0).max(600_000).default(0),
  /** A record is never forwarded: only a pull finds it. */
  unforwardedRecord: share.default(0),
  /** A call of the EMP is answered by the proxy: HTML 403 without Process-ID. */
  htmlForbidden: share.default(0),
  /** A call of the EMP is answered with 429. */
  tooManyRequests: share.default(0),
  /** `Retry-After` of those, seconds; null = none. */
  retryAfterSeconds: z.number().int().min(0).max(600).nullable().default(1),
  /** A remote start, stop or reservation is carried out, and its answer never arrives: the connection breaks. */
  lostRemoteAnswer: share.default(0),
  /** How long operators take to answer those, milliseconds; HBS gives them 60 s. */
  slowRemoteAnswerMs: z.number().min(0).max(60_000).default(0),
  /** Remote starts and reservations are refused with `remoteRefusalCode`: nobody plugged in, out of service, … */
  remoteRefusal: share.default(0),
  remoteRefusalCode: z.enum(['021', '310', '320', '501', '510', '601', '602', '700']).default('510'),
  /** Notifications do not repeat our EMPPartnerSessionID, as is common (OICP §5.5). */
  forgottenPartnerSession: share.default(0),
  /** Records that move to the next page while somebody walks the pages. */
  pageShift: z.number().int().min(0).max(1_000).default(0),
  /** A push is done, and its answer is lost. */
  pushAnswerLost: share.default(0),
  /** A push is lost on its way: the connection ends, and nothing was done. */
  pushLost: share.default(0),
  /** UIDs and EvcoIDs that HBS refuses in a push, with 022. */
  refusedIdentifications: z.array(z.string()).default([]),
  /** HBS ends every connection without an answer. */
  down: z.boolean().default(false),
});

export type Faults = z.infer<typeof faultsSchema>;

export const noFaults: Faults = faultsSchema.parse({});
