import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Addresses } from './addresses.ts';
import type { RefusalReason } from './refusals.ts';

/** Whoever is at the other end: known by certificate, or by address without TLS. */
export interface Peer {
  readonly name: string;
  connections: number;
  inFlight: number;
}

export interface PeerRules {
  /** `undefined` = everybody. */
  readonly addresses: Addresses | undefined;
  /** SHA-256, hex digits in upper case; empty = every certificate of the authority. */
  readonly fingerprints: readonly string[];
  readonly peerConcurrency: number;
  readonly concurrency: number;
}

/** Who is connected, who may be, and how much each may ask at once. */
export class Peers {
  readonly #rules: PeerRules;
  readonly #fingerprints: ReadonlySet<string>;
  readonly #byName = new Map<string, Peer>();
  readonly #bySocket = new WeakMap<Socket, Peer>();
  #inFlight = 0;

  constructor(rules: PeerRules) {
    this.#rules = rules;
    this.#fingerprints = new Set(rules.fingerprints);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Before anything is read from the connection. */
  mayConnect(socket: Socket): boolean {
    return this.#rules.addresses?.has(socket.remoteAddress ?? '') ?? true;
  }

  /** After the handshake, before anything is read from it. */
  mayEnter(socket: Socket): boolean {
    if (!(socket instanceof TLSSocket)) return true;
    return this.#fingerprints.size === 0 || this.#fingerprints.has(fingerprintOf(socket));
  }

  entered(socket: Socket): void {
    const name = socket instanceof TLSSocket ? fingerprintOf(socket) : (socket.remoteAddress ?? 'gone');
    const peer = this.#byName.get(name) ?? { name, connections: 0, inFlight: 0 };
    this.#byName.set(name, peer);
    this.#bySocket.set(socket, peer);
    peer.connections += 1;
    socket.once('close', () => {
      peer.connections -= 1;
      if (peer.connections === 0) this.#byName.delete(name);
    });
  }

  of(socket: Socket): Peer {
    return this.#bySocket.get(socket) ?? { name: 'unknown', connections: 0, inFlight: 0 };
  }

  /** Takes one more message in, or says why not. */
  begin(peer: Peer): RefusalReason | undefined {
    if (this.#inFlight >= this.#rules.concurrency) return 'door-too-busy';
    if (peer.inFlight >= this.#rules.peerConcurrency) return 'peer-too-busy';
    this.#inFlight += 1;
    peer.inFlight += 1;
    return undefined;
  }

  end(peer: Peer): void {
    this.#inFlight -= 1;
    peer.inFlight -= 1;
  }
}

/** SHA-256 of the client's certificate, hex digits in upper case. */
export const fingerprintOf = (socket: TLSSocket): string =>
  (socket.getPeerX509Certificate()?.fingerprint256 ?? '').replaceAll(':', '');
