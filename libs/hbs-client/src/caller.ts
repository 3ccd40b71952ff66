import { EmpError, type Clock } from '@emp/kernel';
import { providerKey, writeOicp, type Finding, type MessageKind, type OicpMessages, type RejectedRecord } from '@emp/oicp';
import { carryOut, type Call, type CallParts } from './call.ts';
import { Connections } from './connection/connections.ts';
import { readText } from './connection/exchange.ts';
import { decodeAnswer } from './decode.ts';
import { MemoryRateLimiter } from './limits/memory-rate-limiter.ts';
import { SharedRateLimiter } from './limits/shared-rate-limiter.ts';
import { OPERATIONS, type OperationName, type Repeatable } from './operations.ts';
import type { HbsClientOptions } from './options.ts';
import type { HbsFailure, HbsResult } from './result.ts';

/** What to ask: a message to write, or only ids for the path of a GET. */
export interface Question<K extends MessageKind = MessageKind> {
  readonly kind?: K;
  readonly message?: OicpMessages[K];
  /** For the path; without it the message's ProviderID is taken. */
  readonly ids?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly repeatable?: Repeatable;
}

export interface TextAnswer<K extends MessageKind> {
  readonly ok: true;
  readonly message: OicpMessages[K];
  readonly findings: readonly Finding[];
  readonly rejected: readonly RejectedRecord[];
  readonly text: string;
  readonly processId: string | null;
  readonly httpStatus: number;
}

/** Turns questions into calls: URL, body, limits; and answers into messages. */
export class Caller {
  readonly parts: CallParts;
  readonly #options: HbsClientOptions;
  readonly #closing = new AbortController();
  readonly #connections: Connections;
  readonly #ofProviders: ReadonlyMap<string, Connections>;

  constructor(options: HbsClientOptions, clock: Clock) {
    this.#options = { ...options, baseUrl: withoutSlash(options.baseUrl) };
    this.#connections = new Connections(options);
    this.#ofProviders = new Map(Object.entries(options.providerTls ?? {}).map(([key, tls]) => [key, new Connections({ ...options, tls })]));
    const own = new MemoryRateLimiter(clock);
    const database = options.limits?.database;
    this.parts = {
      limiter: database === undefined ? own : new SharedRateLimiter({ database, standIn: own, log: options.log }),
      log: options.log,
      backOffMs: options.backOffMs ?? 500,
      random: options.random ?? Math.random,
      userAgent: options.userAgent ?? 'emp-hbs-client',
      closing: this.#closing.signal,
      observe: options.observe,
    };
  }

  /** One question, one message. */
  async ask<K extends MessageKind, Q extends MessageKind>(
    name: OperationName, expected: K, question: Question<Q>,
  ): Promise<HbsResult<OicpMessages[K]>> {
    const answer = await this.askForText(name, expected, question);
    if (!answer.ok) return answer;
    const { message, findings, processId, httpStatus } = answer;
    return { ok: true, message, findings, processId, httpStatus };
  }

  /** The same, with the text it came as and the records that could not be read. */
  askForText<K extends MessageKind, Q extends MessageKind>(
    name: OperationName, expected: K, question: Question<Q>,
  ): Promise<TextAnswer<K> | HbsFailure> {
    return carryOut<TextAnswer<K>>(this.parts, {
      ...this.prepare(name, question),
      receive: async (answer) => {
        const whole = { ...answer, text: await readText(answer.body) };
        const decoded = decodeAnswer(expected, whole);
        if (!decoded.ok) return decoded;
        return { ...decoded, text: whole.text, processId: whole.processId, httpStatus: whole.httpStatus };
      },
    });
  }

  /** @throws EmpError `oicp-not-conformant` if the message is not fit to be sent. */
  prepare<Q extends MessageKind>(name: OperationName, question: Question<Q>): Omit<Call<never>, 'receive'> {
    const perMinute = this.#options.limits?.perMinute?.[name];
    const operation = { ...OPERATIONS[name], ...(perMinute === undefined ? {} : { perMinute }) };
    const { kind, message } = question;
    const sent = (message ?? {}) as { readonly ProviderID?: string; readonly SessionID?: string; readonly EvseID?: string };
    const ids = question.ids ?? { providerID: sent.ProviderID ?? '' };
    const providerId = ids['providerID'] ?? '';
    const premium = name === 'NgpContracts' || name === 'NgpContractEvses';
    const base = premium ? this.#options.premiumUrl ?? this.#options.baseUrl.replace(/\/oicp$/, '/premium') : this.#options.baseUrl;
    return {
      operation,
      repeatable: question.repeatable ?? operation.repeatable,
      timeoutMs: this.#options.timeouts?.[name] ?? operation.timeoutMs,
      connections: this.#ofProviders.get(providerKey(providerId)) ?? this.#connections,
      providerId,
      bucket: `${new URL(base).host}|${providerKey(providerId)}|${name}`,
      url: base + operation.path.replaceAll(/\{(\w+)\}/g, (_, id: string) => segment(ids[id] ?? '')) + (question.query ?? ''),
      method: message === undefined ? 'GET' : 'POST',
      body: kind === undefined || message === undefined ? undefined : writeOicp(kind, message),
      facts: {
        ...(sent.SessionID === undefined ? {} : { sessionId: sent.SessionID }),
        ...(question.query === undefined ? {} : { page: question.query }),
      },
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#connections, ...this.#ofProviders.values()].map((connections) => connections.close()));
  }
}

/** `*` and `+` are legal in a path segment and are sent as they are (OICP §2.2). */
const segment = (id: string): string => encodeURIComponent(id).replaceAll('%2B', '+');

function withoutSlash(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) {
    throw new EmpError('hbs-url-malformed', `"${baseUrl}" is not a URL; expected e.g. https://service-qa.hubject.com/api/oicp`, {
      retry: 'useless',
    });
  }
  return baseUrl.replace(/\/+$/, '');
}
