import type { Clock } from '@emp/kernel';
import type { Database } from '@emp/database';
import type { OperationName } from './operations.ts';

/** What the client writes to: any pino logger fits. Bodies, card numbers and contract ids are never written. */
export interface HbsLog {
  debug(facts: object, event: string): void;
  info(facts: object, event: string): void;
  warn(facts: object, event: string): void;
}

/** One client certificate, PEM files. Files are read again when they change. */
export interface ClientCertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
  readonly passphrase?: string;
}

/** Mutual TLS (OICP §2.4). With two certificates the newer is tried first and the older is the way back. */
export interface HbsTls {
  readonly clientCertificates: readonly ClientCertificateFiles[];
  /** PEM bundle to trust instead of the system's store. */
  readonly caFile?: string;
  /** How often the files are looked at, milliseconds; default 15 000. */
  readonly reloadEveryMs?: number;
}

/** One call as it ended, for metrics: no bodies, no ids of people. */
export interface ObservedCall {
  readonly operation: OperationName;
  /** As in the path; empty for an operation without it. */
  readonly providerId: string;
  readonly outcome: 'ok' | string;
  readonly httpStatus: number | null;
  readonly durationMs: number;
  /** 1 for the first try. */
  readonly attempt: number;
}

export interface HbsClientOptions {
  /** Base URL including `/api/oicp`, e.g. `https://service-qa.hubject.com/api/oicp` (OICP §2.1). */
  readonly baseUrl: string;
  /** Base URL of the NGP price documents; default: `baseUrl` with `/api/premium` instead of `/api/oicp`. */
  readonly premiumUrl?: string;
  readonly tls?: HbsTls;
  /** Instead of `tls` for the provider ids named here (`providerKey`), each with a connection of its own. */
  readonly providerTls?: Readonly<Record<string, HbsTls>>;
  readonly log: HbsLog;
  readonly clock?: Clock;
  /** With a database, rate limits and push locks hold across all replicas (see `ensureHbsTables`). */
  readonly limits?: {
    readonly database?: Database;
    /** Calls per minute that Hubject allows this partner, where they differ from the published ones. */
    readonly perMinute?: Partial<Record<OperationName, number>>;
  };
  /** Milliseconds per operation; the defaults are those of OICP §2.7. */
  readonly timeouts?: Partial<Record<OperationName, number>>;
  /** Milliseconds of the first back-off, doubled for each further try; default 500. */
  readonly backOffMs?: number;
  /** 0 ≤ random() < 1; for the jitter. */
  readonly random?: () => number;
  readonly userAgent?: string;
  readonly observe?: (call: ObservedCall) => void;
}
