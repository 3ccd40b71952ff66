import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer, type ServerOptions } from 'node:https';
import { constants } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { EmpError } from '@emp/kernel';
import { statusCode } from '@emp/oicp';
import type { DoorCertificates } from './door-certificates.ts';
import type { DoorDesk } from './door-desk.ts';
import type { DoorAnswer, DoorOperation } from './door-operation.ts';
import type { Peer, Peers } from './peers.ts';
import { readBody } from './read-body.ts';
import type { RefusalReason, Refusals } from './refusals.ts';
import { Routes, type Route } from './routes.ts';
import { processIdOf, textOf } from './wire.ts';

export interface DoorOptions {
  readonly operations: readonly DoorOperation[];
  readonly desk: DoorDesk;
  readonly peers: Peers;
  readonly refusals: Refusals;
  /** In front of every path, e.g. `/api/oicp`. */
  readonly prefix: string;
  /** `undefined` = plain HTTP. */
  readonly certificates: DoorCertificates | undefined;
  readonly bodyLimitBytes: number;
  readonly headerLimitBytes: number;
  readonly headerTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly connections: number;
}

/** HBS keeps its connections: longer than it leaves them idle, so that we do not close one it is about to use. */
const KEEP_ALIVE_MS = 75_000;
const SLOW_CHECK_EVERY_MS = 500;
const SWEEP_EVERY_MS = 50;
const JSON_TYPE = 'application/json;charset=utf-8';
/** Not one of our paths: nobody waits there for an OICP message. */
const NOT_FOUND = JSON.stringify({ StatusCode: statusCode('022', 'no operation of OICP has this path') });

/**
 * The server for HBS. Node's own, without a framework: it has four paths, answers 200 with an OICP body to whatever
 * arrives at them (OICP §2.6), and whoever must not come in is sent away before anything is read or parsed.
 */
export class Door {
  readonly #options: DoorOptions;
  readonly #routes: Routes;
  readonly #server: Server | TlsServer;
  /** Connections of the certificates before the last change end with their next answer. */
  readonly #outdated = new WeakSet<Socket>();
  readonly #sockets = new Set<Socket>();

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#routes = new Routes(options.operations, options.prefix);
    const answer = (request: IncomingMessage, response: ServerResponse): void => this.#take(request, response);
    const settings: ServerOptions = {
      maxHeaderSize: options.headerLimitBytes,
      headersTimeout: options.headerTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      connectionsCheckingInterval: SLOW_CHECK_EVERY_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      noDelay: true,
    };
    const { certificates } = options;
    this.#server = certificates
      ? createTlsServer({ ...settings, ...tlsOf(certificates), handshakeTimeout: options.headerTimeoutMs }, answer)
      : createServer(settings, answer);
    this.#server.maxConnections = options.connections;
    // Node would send away an `Expect` that is not 100-continue; whatever comes here gets an OICP answer.
    this.#server.on('checkExpectation', answer);
    this.#guard();
  }

  /** @throws EmpError `port-taken` */
  async open({ host, port }: { readonly host: string; readonly port: number }): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen({ host, port }, () => resolve());
    }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      const message = `authorization-gateway: port ${port} on ${host} is taken; set DOOR_PORT to a free one`;
      throw new EmpError('port-taken', message, { retry: 'useless', cause: error });
    });
    const { address, port: opened, family } = this.#server.address() as AddressInfo;
    const name = family === 'IPv6' ? `[${address}]` : address;
    return `${this.#options.certificates ? 'https' : 'http'}://${name}:${opened}`;
  }

  /** From now on with these; who is connected has to come again after the next answer. */
  renew(certificates: DoorCertificates): void {
    (this.#server as TlsServer).setSecureContext(tlsOf(certificates));
    for (const socket of this.#sockets) this.#outdated.add(socket);
    this.#server.closeIdleConnections();
  }

  /** What is in flight is answered first. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    // Node looks for idle connections only once; those with an answer in flight become idle later.
    const sweep = setInterval(() => this.#server.closeIdleConnections(), SWEEP_EVERY_MS);
    await closed.finally(() => clearInterval(sweep));
  }

  #guard(): void {
    const { peers, refusals, certificates } = this.#options;
    const server: Server = this.#server as Server;
    inFrontOf(server, 'connection', (socket) => {
      if (peers.mayConnect(socket)) return true;
      refusals.note('address-not-allowed', { address: socket.remoteAddress });
      return false;
    });
    inFrontOf(server, certificates ? 'secureConnection' : 'connection', (socket) => {
      if (peers.mayEnter(socket)) return this.#welcome(socket);
      refusals.note('fingerprint-not-allowed', { address: socket.remoteAddress });
      return false;
    });
    server.on('drop', (about) => refusals.note('too-many-connections', { address: about?.remoteAddress }));
    server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
      const socket = stream as Socket;
      const reason = this.#sockets.has(socket) ? reasonOf(error) : 'handshake-failed';
      const { authorizationError } = socket as TLSSocket;
      const about = { code: error.code, address: socket.remoteAddress, authorizationError };
      if (reason !== undefined) refusals.note(reason, about);
      const status = reason === 'header-too-large' ? 431 : reason === 'not-http' ? 400 : undefined;
      if (status === undefined || !socket.writable) return void socket.destroy();
      socket.end(`HTTP/1.1 ${status} Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      socket.destroySoon();
    });
  }

  #welcome(socket: Socket): true {
    this.#options.peers.entered(socket);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return true;
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const route = request.method === 'POST' ? this.#routes.find(request.url ?? '') : undefined;
    if (route === undefined) return this.#send(response, 404, NOT_FOUND);
    const { peers, refusals, desk, bodyLimitBytes } = this.#options;
    const { operation } = route;
    const processId = processIdOf(request.headers['process-id']);
    if (route.problem !== undefined) {
      return this.#send(response, 200, desk.refuse(operation, processId, route.problem).body);
    }
    const peer = peers.of(request.socket);
    const refusal = peers.begin(peer);
    if (refusal !== undefined) {
      refusals.note(refusal, { peer: peer.name, operation: operation.name });
      return this.#send(response, 200, desk.overloaded(operation).body);
    }
    readBody(request, bodyLimitBytes, (read) => {
      if (read.is === 'complete') return this.#answer(route, { processId, body: read.body, peer, response });
      peers.end(peer);
      if (read.is === 'cut-off') return;
      const reason = `the body is larger than ${bodyLimitBytes} bytes`;
      this.#send(response, 200, desk.refuse(operation, processId, reason).body);
    });
  }

  #answer(
    { operation, pathOperatorId }: Route,
    { processId, body, peer, response }: Arrived,
  ): void {
    const { desk, peers } = this.#options;
    const reply = (answer: DoorAnswer): void => {
      peers.end(peer);
      this.#send(response, 200, answer.body);
    };
    const answer = desk.answer(operation, { text: textOf(body), pathOperatorId, processId });
    if (answer instanceof Promise) void answer.then(reply);
    else reply(answer);
  }

  #send(response: ServerResponse, status: number, body: string): void {
    const head = ['content-type', JSON_TYPE, 'content-length', String(Buffer.byteLength(body))];
    if (this.#outdated.has(response.req.socket)) head.push('connection', 'close');
    response.writeHead(status, head);
    response.end(body);
  }
}

/** A whole message, from whom it is, and where its answer goes. */
interface Arrived {
  readonly processId: string | null;
  readonly body: Buffer;
  readonly peer: Peer;
  readonly response: ServerResponse;
}

/** Puts a check in front of whatever listens to a server's connections: who does not pass gets no further. */
function inFrontOf(
  server: Server,
  event: 'connection' | 'secureConnection',
  mayPass: (socket: Socket) => boolean,
): void {
  const behind = server.listeners(event) as ((socket: Socket) => void)[];
  server.removeAllListeners(event);
  server.on(event, (socket: Socket) => {
    if (!mayPass(socket)) return void socket.destroy();
    for (const listener of behind) listener.call(server, socket);
  });
}

/** No session tickets: a resumed session would not be asked for its certificate again. */
function tlsOf({ cert, key, ca }: DoorCertificates): ServerOptions {
  return {
    cert,
    key,
    ca,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/** `undefined` for a peer that just went away. */
function reasonOf({ code = '' }: NodeJS.ErrnoException): RefusalReason | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'too-slow';
  if (code === 'HPE_HEADER_OVERFLOW') return 'header-too-large';
  return code.startsWith('HPE_') ? 'not-http' : undefined;
}
