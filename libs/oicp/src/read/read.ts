import { MESSAGE_CLASSES, type MessageKind, type OicpMessages } from '../messages/messages.ts';
import type { Finding, RejectedRecord } from '../finding.ts';
import { ReadContext } from './context.ts';
import { copyOf, parseJson } from './parse-json.ts';
import { objectReader } from './object-reader.ts';
import './all-reshapes.ts';
import '../rules/all-rules.ts';

/**
 * What reading gave. `ok` means that the essential members are there; everything else that deviates is a finding.
 * Findings of records that could not be read are with the record, not in `findings`.
 */
export type ReadOutcome<T> =
  | {
    readonly ok: true;
    readonly message: T;
    readonly findings: readonly Finding[];
    readonly rejected: readonly RejectedRecord[];
  }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** JSON text or its UTF-8 bytes, read as one kind of message. Never throws, whatever the input. */
export function readOicp<K extends MessageKind>(kind: K, text: string | Uint8Array): ReadOutcome<OicpMessages[K]> {
  const parsed = parseJson(text);
  return parsed.ok ? readInPlace(kind, parsed.value) : { ok: false, findings: [NOT_JSON] };
}

/**
 * An already parsed JSON value, read as one kind of message; the value itself is not changed. Never throws. Numbers
 * with more than 15 digits have lost digits before they come here: give the text to `readOicp` where that matters.
 */
export function readOicpValue<K extends MessageKind>(kind: K, value: unknown): ReadOutcome<OicpMessages[K]> {
  try {
    return readInPlace(kind, copyOf(value));
  } catch {
    // Values that no JSON makes: circles, throwing getters, proxies.
    return { ok: false, findings: [UNREADABLE] };
  }
}

/** Reads a value that nobody else needs: it becomes the message. */
export function readInPlace<K extends MessageKind>(kind: K, value: unknown): ReadOutcome<OicpMessages[K]> {
  const context = new ReadContext();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.report({ code: 'not-an-object', severity: 'error', message: `no JSON object; expected: ${kind}` });
    return { ok: false, findings: context.findings() };
  }
  return objectReader(MESSAGE_CLASSES[kind])(value as Record<string, unknown>, context)
    ? new Read(value as OicpMessages[K], context)
    : { ok: false, findings: context.findings() };
}

/** Findings are written out when somebody looks at them. */
class Read<T> {
  readonly ok = true as const;
  readonly message: T;
  readonly rejected: readonly RejectedRecord[];
  readonly #context: ReadContext;
  #findings: readonly Finding[] | undefined;

  constructor(message: T, context: ReadContext) {
    this.message = message;
    this.rejected = context.rejected;
    this.#context = context;
  }

  get findings(): readonly Finding[] {
    return (this.#findings ??= this.#context.findings());
  }
}

const NOT_JSON: Finding = {
  pointer: '', code: 'not-json', severity: 'error', message: 'the text cannot be parsed; expected: one JSON document',
};
const UNREADABLE: Finding = {
  pointer: '', code: 'unreadable', severity: 'error', message: 'the value cannot be read; expected: a JSON value',
};
