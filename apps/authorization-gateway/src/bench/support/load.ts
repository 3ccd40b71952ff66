import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Pem } from './authority.ts';

export interface Target {
  readonly url: string;
  /** For a door with mutual TLS. */
  readonly client?: Pem & { readonly ca: string };
}

export interface Load {
  readonly target: Target;
  readonly connections: number;
  readonly seconds: number;
  /** The next request, head and body. */
  readonly next: () => string;
  /** Requests per second, at even distances; as many as go if absent. */
  readonly rate?: number;
}

export interface Outcome {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers by status code of OICP. */
  readonly codes: Readonly<Record<string, number>>;
}

/** Asks over raw sockets, one request at a time on each connection. Time counts from when a request was due. */
export async function generate({ target, connections, seconds, next, rate }: Load): Promise<Outcome> {
  const latencies: number[] = [];
  const codes: Record<string, number> = {};
  const due: number[] = [];
  const idle: Wire[] = [];
  const wires = await Promise.all(Array.from({ length: connections }, () => Wire.open(target)));
  const begun = performance.now();
  const until = begun + seconds * 1_000;
  let answers = 0;
  const send = (wire: Wire, dueAt: number): void => {
    wire.ask(next(), (code) => {
      const now = performance.now();
      if (now < until) {
        answers += 1;
        latencies.push(now - dueAt);
        codes[code] = (codes[code] ?? 0) + 1;
      }
      const waiting = rate === undefined ? (now < until ? now : undefined) : due.shift();
      if (waiting === undefined) idle.push(wire);
      else send(wire, waiting);
    });
  };
  if (rate === undefined) for (const wire of wires) send(wire, performance.now());
  else {
    idle.push(...wires);
    for (let sent = 0; performance.now() < until; ) {
      for (; sent < ((performance.now() - begun) * rate) / 1_000; sent += 1) {
        const dueAt = begun + (sent * 1_000) / rate;
        const wire = idle.pop();
        if (wire) send(wire, dueAt);
        else due.push(dueAt);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    due.length = 0;
  }
  while (idle.length < wires.length) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const wire of wires) wire.close();
  latencies.sort((one, other) => one - other);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0;
  return { perSecond: answers / seconds, p50Ms: at(0.5), p99Ms: at(0.99), codes };
}

const CODE = /"Code":"(\d{3})"/;

/** One connection. */
class Wire {
  readonly #socket: Socket;
  #text = '';
  #answered: (code: string) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => this.#read(chunk));
    socket.on('error', (error) => {
      throw error;
    });
  }

  static open({ url, client }: Target): Promise<Wire> {
    const { hostname: host, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const opened = (): void => resolve(new Wire(socket));
      const socket = client
        ? connectTls({ host, port: Number(port), cert: client.cert, key: client.key, ca: client.ca }, opened)
        : connectTcp(Number(port), host, opened);
      socket.once('error', reject);
    });
  }

  ask(request: string, answered: (code: string) => void): void {
    this.#answered = answered;
    this.#socket.write(request, 'latin1');
  }

  close(): void {
    this.#socket.removeAllListeners('error').on('error', () => undefined);
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#text = this.#text === '' ? chunk : this.#text + chunk;
    const body = this.#text.indexOf('\r\n\r\n') + 4;
    if (body === 3) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#text)?.[1]);
    if (this.#text.length - body < length) return;
    const code = CODE.exec(this.#text)?.[1] ?? '???';
    this.#text = '';
    this.#answered(code);
  }
}
