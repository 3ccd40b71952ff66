import net from 'node:net';
import tls from 'node:tls';
import kafkajs, { type ISocketFactoryArgs, type Kafka, type LogEntry, type SASLOptions } from 'kafkajs';
import type { Log } from '../log.ts';
import { calmRequestQueue } from './calm-request-queue.ts';

/** PEM texts. Without `ca` the system's authorities are trusted. */
export interface KafkaTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** How to reach a cluster. */
export interface KafkaConnection {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly log: Log;
  readonly tls?: KafkaTls;
  readonly sasl?: KafkaSasl;
}

/** Rule 3 of four: on the client, for the producer's own setting does not cover reconnecting. */
const PATIENT = { initialRetryTime: 100, maxRetryTime: 500, retries: 1000 };
/** For questions that somebody waits for. */
const BRISK = { initialRetryTime: 100, maxRetryTime: 500, retries: 6 };
/** A broker that hangs is given up after it; above the time that a broker may wait for its replicas. */
const REQUEST_TIMEOUT_MS = 10_000;
const SAME_COMPLAINT_EVERY_MS = 10_000;

/**
 * kafkajs, made to end when it is told to: by itself it goes on reconnecting, for as long as anything of it waits for
 * an answer, even after `disconnect()`.
 */
export class KafkaClient {
  readonly kafka: Kafka;
  readonly #sockets = new Set<net.Socket>();
  readonly #complaints = new Map<string, number>();
  readonly #log: Log;
  #closed = false;

  constructor({ brokers, clientId, log, tls: encryption, sasl }: KafkaConnection, patience: 'patient' | 'brisk') {
    calmRequestQueue();
    this.#log = log;
    this.kafka = new kafkajs.Kafka({
      // An empty list is what kafkajs takes as the end: every other failure is tried again.
      brokers: () => (this.#closed ? [] : [...brokers]),
      clientId,
      ...(encryption === undefined ? {} : { ssl: { ...encryption } }),
      ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
      connectionTimeout: 1_000,
      requestTimeout: REQUEST_TIMEOUT_MS,
      retry: patience === 'patient' ? PATIENT : BRISK,
      socketFactory: (target) => this.#connect(target),
      logLevel: kafkajs.logLevel.ERROR,
      logCreator: () => (entry) => this.#complain(entry),
    });
  }

  /** Cuts every connection, and makes no other. Disconnect producers and consumers before, for a farewell. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#sockets) socket.destroy(new Error('the client is closed'));
  }

  #connect({ host, port, ssl, onConnect }: ISocketFactoryArgs): net.Socket {
    if (this.#closed) throw new Error('the client is closed');
    const socket = ssl
      ? tls.connect({ host, port, ...(net.isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect);
    // kafkajs may write to a socket that is not connected yet; each such write listens for the connection.
    socket.setKeepAlive(true, 60_000).setNoDelay(true).setMaxListeners(0);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }

  /** kafkajs complains at every attempt, and of every answer that says no, which whoever asked hears anyway. */
  #complain({ namespace, log: { message, timestamp: _, logger: __, stack: ___, ...fields } }: LogEntry): void {
    if (this.#closed || message.startsWith('Response ')) return;
    const now = Date.now();
    if (now - (this.#complaints.get(message) ?? 0) < SAME_COMPLAINT_EVERY_MS) return;
    if (this.#complaints.size > 100) this.#complaints.clear();
    this.#complaints.set(message, now);
    this.#log.warn({ part: namespace, ...fields, reason: message }, 'Kafka client complains');
  }
}
