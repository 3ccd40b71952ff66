import { EmpError, messageOf } from '@emp/kernel';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import type { Repeatable } from '../operations.ts';
import type { HbsClientOptions } from '../options.ts';
import { readTls, type ClientCertificate, type TrustAndCertificates } from './certificates.ts';

/** A pool of connections under one client certificate (or none). */
export interface Connection {
  readonly dispatcher: Dispatcher;
  /** Fingerprint of the client certificate; `null` without mutual TLS. */
  readonly identity: string | null;
}

/** Errors that came while connecting: whatever was to be sent was not. */
const beforeSending = new WeakSet<object>();
export const happenedBeforeSending = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && beforeSending.has(error);

const FALL_BACK_FOR_MS = 600_000;

interface ConnectionPool {
  readonly connection: Connection;
  readonly agent: Agent;
  restsUntil: number;
  /** HBS has answered under this certificate. */
  proven: boolean;
}

/**
 * The connections to HBS. Certificate files are looked at again every few seconds; when they changed, new calls go out
 * under the new certificate while calls in flight end under the old. Of two certificates the newer is used; one that
 * HBS does not accept (yet) rests for ten minutes.
 */
export class Connections {
  readonly #options: HbsClientOptions;
  #loaded: Promise<void> | undefined;
  #seen = '';
  #pools: ConnectionPool[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #retiring = new Set<Promise<void>>();

  constructor(options: HbsClientOptions) {
    this.#options = options;
  }

  /**
   * In the order in which to try them: the newest first. What must not be sent twice goes out under a certificate that
   * HBS has accepted before, if there is one: in TLS 1.3 a refusal may look like an answer that was lost.
   * @throws EmpError `client-certificate-unusable` if there is none
   */
  async candidates(repeatable: Repeatable): Promise<readonly Connection[]> {
    this.#loaded ??= this.#start();
    try {
      await this.#loaded;
    } catch (error) {
      this.#loaded = undefined;
      throw error;
    }
    const now = Date.now();
    const rank = (pool: ConnectionPool): number =>
      (pool.restsUntil > now ? 2 : 0) + (repeatable === 'unless-sent' && !pool.proven ? 1 : 0);
    return this.#pools.toSorted((one, other) => rank(one) - rank(other)).map((pool) => pool.connection);
  }

  /** HBS answered. */
  answered(connection: Connection): void {
    const pool = this.#pools.find((one) => one.connection === connection);
    if (pool !== undefined) pool.proven = true;
  }

  /** The connection broke before any answer: under a certificate that never worked, that may be a refusal. */
  brokeUnanswered(connection: Connection): void {
    if (this.#pools.some((pool) => pool.connection === connection && !pool.proven)) this.notAccepted(connection);
  }

  /** HBS did not accept this certificate: prefer the other for a while. */
  notAccepted(connection: Connection): void {
    const pool = this.#pools.find((one) => one.connection === connection);
    if (pool === undefined || this.#pools.length < 2) return;
    pool.restsUntil = Date.now() + FALL_BACK_FOR_MS;
    this.#options.log.warn({ certificate: connection.identity }, 'client certificate not accepted, fell back to the other');
  }

  /** Looks at the files now; swaps if they changed. */
  async reload(): Promise<void> {
    const { tls, log } = this.#options;
    if (tls === undefined) return;
    let read: TrustAndCertificates;
    try {
      read = await readTls(tls);
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'trusted certificates could not be read, kept the old ones');
      return;
    }
    for (const problem of read.problems) log.warn({ reason: messageOf(problem) }, 'client certificate could not be read');
    const seen = [read.ca ?? '', ...read.certificates.map((one) => one.identity)].join('|');
    if (read.certificates.length === 0 || read.problems.length > 0 && this.#pools.length > 0 || seen === this.#seen) return;
    const before = this.#pools;
    this.#seen = seen;
    this.#pools = read.certificates.map((certificate) => open(read.ca, certificate));
    if (before.length > 0) {
      log.info({ certificates: read.certificates.map((one) => ({ identity: one.identity, validTo: one.validTo })) },
        'client certificates reloaded');
    }
    for (const { agent } of before) this.#retire(agent);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const { agent } of this.#pools.splice(0)) this.#retire(agent);
    await Promise.all(this.#retiring);
  }

  async #start(): Promise<void> {
    const { tls } = this.#options;
    if (tls === undefined) {
      this.#pools = [open(undefined, undefined)];
      return;
    }
    await this.reload();
    if (this.#pools.length === 0) {
      const files = tls.clientCertificates.map((one) => one.certFile).join(', ') || 'none is named';
      throw new EmpError('client-certificate-unusable', `no usable client certificate (${files}); see the log`, { retry: 'helps' });
    }
    this.#timer = setInterval(() => void this.reload(), tls.reloadEveryMs ?? 15_000).unref();
  }

  /** Ends the pool when its last call has ended. */
  #retire(agent: Agent): void {
    const closing = agent.close().catch(() => undefined).finally(() => this.#retiring.delete(closing));
    this.#retiring.add(closing);
  }
}

function open(ca: string | undefined, certificate: ClientCertificate | undefined): ConnectionPool {
  const connect = buildConnector({
    timeout: 10_000,
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key }),
    ...(certificate?.passphrase === undefined ? {} : { passphrase: certificate.passphrase }),
  });
  // No time-outs of undici's own: every call has one deadline.
  const agent = new Agent({
    connections: 64,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) => connect(options, (error, socket) => {
      if (error !== null) {
        beforeSending.add(error);
        callback(error, null);
        return;
      }
      // In TLS 1.3 the alert that refuses our certificate comes after the handshake. Ended here, the call fails with the
      // alert; else with the bare "other side closed" that follows it.
      socket.once('error', () => socket.destroy());
      callback(null, socket);
    }),
  });
  return { connection: { dispatcher: agent, identity: certificate?.identity ?? null }, agent, restsUntil: 0, proven: false };
}
